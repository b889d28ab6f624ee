package dev.salvor.controller.core;

import dev.salvor.common.unit.UsdPerHour;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the provider and the evidence say of a rental.
///
/// @param everRan the provider showed it running, or its agent spoke, at any time
/// @param verdictSince when this verdict was reached
/// @param statusSince when the provider's status, or what it wants it to be, last changed
/// @param fencedSince since when it is stopped for good by the provider's word; the far future
///   while it is not
/// @param log the last lines of its log, once they were read; there may be none
/// @param logAt when they were read; long past where they were not
/// @param agreed what it cost an hour when it first ran, or first ran after we bid more; zero until
///   then
public record Seen(
    Sight sight,
    boolean everRan,
    Verdict verdict,
    Instant verdictSince,
    Instant statusSince,
    Instant fencedSince,
    Optional<List<String>> log,
    Instant logAt,
    UsdPerHour agreed) {

  static Seen nothing(Instant at, boolean everRan) {
    return new Seen(
        Sight.NONE,
        everRan,
        new Verdict.Coming(),
        at,
        at,
        Instant.MAX,
        Optional.empty(),
        Instant.EPOCH,
        UsdPerHour.ZERO);
  }

  Seen ran() {
    return new Seen(
        sight, true, verdict, verdictSince, statusSince, fencedSince, log, logAt, agreed);
  }

  Seen heard(List<String> lines, Instant at) {
    return new Seen(
        sight,
        everRan,
        verdict,
        verdictSince,
        statusSince,
        fencedSince,
        Optional.of(List.copyOf(lines)),
        at,
        agreed);
  }

  Seen judge(Verdict next, Instant at) {
    return new Seen(sight, everRan, next, at, statusSince, fencedSince, log, logAt, agreed);
  }

  /// Its price was changed by us: what it costs when it runs next is the new one.
  Seen bidAnew() {
    return new Seen(
        sight,
        everRan,
        verdict,
        verdictSince,
        statusSince,
        fencedSince,
        log,
        logAt,
        UsdPerHour.ZERO);
  }

  Seen see(Sight next, Instant at) {
    boolean moved = next.status() != sight.status() || next.wanted() != sight.wanted();
    boolean runs = next.is(Sight.Status.RUNNING);
    Instant fenced =
        next.stoppedForGood() ? (sight.stoppedForGood() ? fencedSince : at) : Instant.MAX;
    UsdPerHour price = runs && agreed.micros() == 0 ? next.burn() : agreed;
    return new Seen(
        next,
        everRan || runs,
        verdict,
        verdictSince,
        moved ? at : statusSince,
        fenced,
        log,
        logAt,
        price);
  }
}
