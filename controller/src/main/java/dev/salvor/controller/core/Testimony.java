package dev.salvor.controller.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What speaks for a verdict, in words: each witness with the age of what it said, and how sure
/// that makes us.
///
/// @param heard when the agent last spoke; empty if it has not since the controller came up
/// @param listed when the provider last answered with its list
/// @param speaking boxes of ours that speak now, this one included
/// @param boxes boxes of ours that run by the provider's word and have spoken before
record Testimony(Optional<Instant> heard, Instant listed, int speaking, int boxes, Duration ttl) {

  List<String> lines(Rental r, Verdict verdict, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(
        heard
            .map(at ->
                "agent: last frame %s ago, a beat is due every %s"
                    .formatted(age(at, now), seconds(ttl)))
            .orElse("agent: not a frame since the controller came up"));
    lines.add(
        listed.equals(Instant.EPOCH)
            ? "provider: has not answered since the controller came up"
            : "provider: %s ago, \"%s\" in its console (%s)"
                .formatted(age(listed, now), r.seen().sight().console(), r.seen().sight().words()));
    lines.add(
        "our own network: the provider answered %s; %d of %d boxes speak"
            .formatted(
                listed.equals(Instant.EPOCH) ? "never yet" : age(listed, now) + " ago",
                speaking,
                boxes));
    lines.add("sure: " + sure(verdict));
    return lines;
  }

  private static String sure(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Alive _ -> "yes, it speaks";
      case Verdict.Lost lost when lost.cause() == Verdict.Cause.HOST_OFFLINE ->
          "as far as it goes: both say so, but a host that is away may come back with its box"
              + " running";
      case Verdict.Lost _ -> "yes, agent and provider say the same";
      case Verdict.Suspect _ -> "no: one witness of two, and the provider says otherwise";
      case Verdict.Unknown _ -> "no: nothing is created or destroyed on it";
      case Verdict.Coming _ -> "it has not spoken on this boot yet, and has time to";
    };
  }

  private static String age(Instant at, Instant now) {
    Duration d = Duration.between(at, now);
    return seconds(d.isNegative() ? Duration.ZERO : d);
  }

  private static String seconds(Duration d) {
    return d.toMinutes() < 2 ? d.toSeconds() + " s" : d.toMinutes() + " min";
  }
}
