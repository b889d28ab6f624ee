package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Rental.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns beats and looks at the provider into facts, but only when a judgement changes.
/// Deterministic: time comes in with each call, and it calls nothing. Used by one thread.
public final class Watch {
  /// A box that missed so many beats is suspect.
  private static final int MISSED_BEATS = 3;

  /// One that the provider says is stopped is believed lost after so many.
  private static final int MISSED_BEATS_STOPPED = 1;

  /// The provider's last word counts for so long.
  private static final Duration WORD_FRESH = Duration.ofSeconds(30);

  /// Absent means absent in so many complete lists, over at least this time.
  private static final int ABSENT_LISTS = 3;

  /// After an erasure that the provider accepted, one list may still be an old one.
  private static final int ABSENT_AFTER_ERASE = 2;

  private static final Duration ABSENT_TIME = Duration.ofSeconds(90);

  /// From so many agents on, more than half silent at once means that the controller is what broke.
  private static final int MASS = 4;

  private final String fleet;
  private final Duration ttl;
  private final Treasurer treasurer;
  private final VolumeSweep volumes = new VolumeSweep();
  private Instant up;
  private final Map<Key, Instant> heard = new HashMap<>();
  private final Map<Key, Absence> absences = new HashMap<>();
  private Poll last = new Poll.Unanswered(Instant.EPOCH, "not asked yet");
  private Instant lastListed = Instant.EPOCH;

  /// Begins to watch.
  ///
  /// @param fleet which labels are ours
  /// @param ttl what a beat is good for
  /// @param up since when the controller runs: silence before two TTLs of it counts for nothing
  /// @param caps what all runs together may cost
  public Watch(String fleet, Duration ttl, Instant up, Policy.Caps caps) {
    this.fleet = fleet;
    this.ttl = ttl;
    this.up = up;
    this.treasurer = new Treasurer(caps);
  }

  /// Without a cap on all runs.
  public Watch(String fleet, Duration ttl, Instant up) {
    this(fleet, ttl, up, Policy.Caps.NONE);
  }

  private record Key(RunId run, RentalRef rental) {}

  private record Absence(int lists, Instant first) {}

  /// Facts of one run.
  public record Noticed(RunId run, Fact fact) {}

  /// The controller was asleep: what it did not hear meanwhile says nothing.
  public void woke(Instant at) {
    up = at;
  }

  /// The account was looked at.
  public List<Noticed> billed(Bill bill, Map<RunId, RunState> runs) {
    List<Noticed> noticed = new ArrayList<>(treasurer.billed(bill, runs));
    noticed.addAll(volumes.look(bill, runs));
    return noticed;
  }

  /// A frame came from an agent.
  public void heard(RunId run, RentalRef rental, Instant at) {
    heard.merge(new Key(run, rental), at, (a, b) -> a.isAfter(b) ? a : b);
  }

  /// The provider was looked at.
  public List<Noticed> looked(Poll poll, Map<RunId, RunState> runs, Instant now) {
    last = poll;
    List<Noticed> noticed = new ArrayList<>();
    if (poll instanceof Poll.Listed listed) {
      lastListed = now;
      Map<Key, Poll.Line> ours = ours(listed, runs);
      noticed.addAll(Orphans.found(fleet, listed, runs, now));
      Map<InstanceId, Poll.Line> all = byNumber(listed);
      runs.forEach((run, state) ->
          state.rentals().values().stream()
              .forEach(r -> {
                Key key = new Key(run, r.ref());
                Optional.ofNullable(ours.get(key))
                    .or(() -> held(r).map(all::get))
                    .ifPresentOrElse(
                        line -> present(key, r, line, now, noticed),
                        () -> missing(key, r, listed, now, noticed));
              }));
    }
    return noticed;
  }

  /// One whose label its owner changed, or that never had ours, is known by its number.
  private static Map<InstanceId, Poll.Line> byNumber(Poll.Listed listed) {
    Map<InstanceId, Poll.Line> all = new HashMap<>();
    listed.lines().forEach(line -> all.put(line.instance(), line));
    return all;
  }

  private static Optional<InstanceId> held(Rental r) {
    return r.hold() instanceof Hold.Held held ? Optional.of(held.instance()) : Optional.empty();
  }

  private Map<Key, Poll.Line> ours(Poll.Listed listed, Map<RunId, RunState> runs) {
    Map<Key, Poll.Line> ours = new HashMap<>();
    for (Poll.Line line : listed.lines()) {
      Label.parse(line.label())
          .filter(label -> label.fleet().equals(fleet))
          .filter(label -> !twin(label, line, runs))
          .ifPresent(label -> ours.put(new Key(label.run(), label.rental()), line));
    }
    return ours;
  }

  /// The rental of this label is held under another number.
  private static boolean twin(Label label, Poll.Line line, Map<RunId, RunState> runs) {
    RunState s = runs.get(label.run());
    Rental r = s == null ? null : s.rentals().get(label.rental());
    return r != null && held(r).filter(number -> !number.equals(line.instance())).isPresent();
  }

  private void present(Key key, Rental r, Poll.Line line, Instant now, List<Noticed> noticed) {
    absences.remove(key);
    if (!r.held()) {
      noticed.add(new Noticed(key.run(), new Fact.RentalFound(now, r.ref(), line.instance())));
    }
    if (differs(r.seen().sight(), line.sight())) {
      noticed.add(new Noticed(key.run(), new Fact.ProviderSaw(now, r.ref(), line.sight())));
    }
  }

  /// What bids are worth now matters only while a box is paused.
  private static boolean differs(Sight a, Sight b) {
    boolean same =
        a.status() == b.status()
            && a.wanted() == b.wanted()
            && a.burn().equals(b.burn())
            && a.ends().equals(b.ends());
    return !same || (b.is(Sight.Status.STOPPED) && !a.minBid().equals(b.minBid()));
  }

  private void missing(Key key, Rental r, Poll.Listed listed, Instant now, List<Noticed> noticed) {
    boolean unclear = r.hold() instanceof Hold.Unclear;
    if ((!r.held() && !unclear) || !listed.begun().isAfter(r.askedAt())) {
      return;
    }
    Absence absence = absences.getOrDefault(key, new Absence(0, listed.begun()));
    absence = new Absence(absence.lists() + 1, absence.first());
    absences.put(key, absence);
    boolean expected = r.marks().eraseAccepted() && absence.lists() >= ABSENT_AFTER_ERASE;
    boolean lasting =
        absence.lists() >= ABSENT_LISTS
            && !listed.begun().isBefore(absence.first().plus(ABSENT_TIME));
    if (unclear && lasting) {
      noticed.add(new Noticed(key.run(), new Fact.RentalAbsent(now, r.ref())));
    } else if (r.held() && (expected || lasting)) {
      noticed.add(new Noticed(key.run(), new Fact.ProviderSaw(now, r.ref(), gone(r))));
    }
  }

  private static Sight gone(Rental r) {
    return new Sight(
        Sight.Status.GONE,
        Sight.Wanted.STOPPED,
        r.seen().sight().bid(),
        UsdPerHour.ZERO,
        UsdPerHour.ZERO,
        "no longer listed",
        r.seen().sight().ends());
  }

  /// Judges every box now. Facts come only for verdicts that changed.
  public List<Noticed> judge(Map<RunId, RunState> runs, Instant now) {
    Count count = count(runs, now);
    boolean mass = count.mass();
    List<Noticed> noticed = new ArrayList<>(treasurer.judge(runs, now));
    runs.forEach((run, state) ->
        state.rentals().values().stream()
            .filter(Rental::held)
            .forEach(r -> {
              Verdict verdict =
                  mass && !spoke(new Key(run, r.ref()), now) ? MASS_SILENCE : verdict(run, r, now);
              if (!sameVerdict(verdict, r.seen().verdict())) {
                List<String> lines = testimony(run, r, count).lines(r, verdict, now);
                noticed.add(
                    new Noticed(run, new Fact.VerdictReached(now, r.ref(), verdict, lines)));
              }
            }));
    return noticed;
  }

  private static final Verdict MASS_SILENCE =
      new Verdict.Unknown(
          "more than half of the boxes fell silent at once: look at the controller's own network");

  /// How many of the boxes that should speak do.
  private record Count(int speaking, int silent) {
    boolean mass() {
      return speaking + silent >= MASS && silent > speaking;
    }
  }

  private Testimony testimony(RunId run, Rental r, Count count) {
    return new Testimony(
        Optional.ofNullable(heard.get(new Key(run, r.ref()))),
        lastListed,
        count.speaking(),
        count.speaking() + count.silent(),
        ttl);
  }

  private Count count(Map<RunId, RunState> runs, Instant now) {
    int speaking = 0;
    int silent = 0;
    for (Map.Entry<RunId, RunState> run : runs.entrySet()) {
      for (Rental r : run.getValue().rentals().values()) {
        if (r.held() && r.seen().sight().is(Sight.Status.RUNNING) && r.aboard().boot() > 0) {
          boolean spoke = spoke(new Key(run.getKey(), r.ref()), now);
          speaking += spoke ? 1 : 0;
          silent += spoke ? 0 : 1;
        }
      }
    }
    return new Count(speaking, silent);
  }

  private boolean spoke(Key key, Instant now) {
    return spoke(key, now, MISSED_BEATS);
  }

  private boolean spoke(Key key, Instant now, int beats) {
    Instant at = heard.get(key);
    return at != null && now.isBefore(at.plus(ttl.multipliedBy(beats)));
  }

  private Verdict verdict(RunId run, Rental r, Instant now) {
    // One that was stopped a moment ago and is asked back has not spoken since.
    Sight.Status status = r.seen().sight().status();
    boolean still = status == Sight.Status.STOPPED || status == Sight.Status.LOADING;
    if (spoke(new Key(run, r.ref()), now, still ? MISSED_BEATS_STOPPED : MISSED_BEATS)) {
      return new Verdict.Alive();
    }
    if (now.isBefore(up.plus(ttl.multipliedBy(2)))) {
      return r.aboard().boot() == 0
          ? new Verdict.Coming()
          : new Verdict.Unknown("the controller has only just started, or woken");
    }
    Optional<String> mute = providerMute(now);
    boolean joined = r.aboard().boot() > 0;
    if (mute.isPresent()) {
      return joined ? new Verdict.Unknown(mute.get()) : new Verdict.Coming();
    }
    Sight sight = r.seen().sight();
    return switch (sight.status()) {
      case STOPPED ->
          new Verdict.Lost(cause(r, sight, now), "silent, and the provider says: " + sight.words());
      case OFFLINE ->
          new Verdict.Lost(
              Verdict.Cause.HOST_OFFLINE, "silent, and the provider says: " + sight.words());
      case GONE -> new Verdict.Lost(Verdict.Cause.GONE, "the provider no longer lists it");
      case RUNNING ->
          joined
              ? new Verdict.Suspect("silent, and the provider says it runs")
              : new Verdict.Coming();
      case UNSEEN, LOADING -> new Verdict.Coming();
      case UNKNOWN -> new Verdict.Unknown("the provider itself does not know: " + sight.words());
    };
  }

  private Optional<String> providerMute(Instant now) {
    if (now.isBefore(lastListed.plus(WORD_FRESH))) {
      return Optional.empty();
    }
    return Optional.of(
        switch (last) {
          case Poll.Listed _ -> "the provider was not asked since " + lastListed;
          case Poll.Unanswered unanswered -> "the provider does not answer: " + unanswered.why();
        });
  }

  private static Verdict.Cause cause(Rental r, Sight sight, Instant now) {
    if (sight.ends().filter(end -> !now.isBefore(end)).isPresent()) {
      return Verdict.Cause.CONTRACT_EXPIRED;
    }
    if (!sight.bid() && sight.wanted() == Sight.Wanted.RUNNING) {
      return Verdict.Cause.CONTAINER_EXITED;
    }
    boolean overbid = sight.bid() && sight.minBid().compareTo(r.price()) > 0;
    boolean comesBack = sight.bid() && sight.wanted() == Sight.Wanted.RUNNING;
    return overbid || comesBack ? Verdict.Cause.OUTBID : Verdict.Cause.STOPPED;
  }

  /// The same kind for the same cause; the words may differ.
  private static boolean sameVerdict(Verdict a, Verdict b) {
    if (a instanceof Verdict.Lost x && b instanceof Verdict.Lost y) {
      // A stop of our own after an outbid is no new loss.
      return x.cause() == y.cause() || (paused(x) && paused(y));
    }
    return a.getClass() == b.getClass();
  }

  private static boolean paused(Verdict.Lost lost) {
    return switch (lost.cause()) {
      case OUTBID, STOPPED, CONTAINER_EXITED -> true;
      case HOST_OFFLINE, GONE, CONTRACT_EXPIRED -> false;
    };
  }
}
