package dev.salvor.controller.core;

import java.time.Duration;
import java.util.List;

/// What to do and why, with the evidence it rests on.
///
/// @param rule the rule that made it
/// @param what in words, for the user
/// @param why the reason, in words
/// @param evidence the facts and numbers it rests on, each one line
/// @param facts what it changes by itself
/// @param effects what is to be done
public record Decision(
    String rule,
    String what,
    String why,
    List<String> evidence,
    List<Fact> facts,
    List<Planned> effects) {
  public Decision {
    evidence = List.copyOf(evidence);
    facts = List.copyOf(facts);
    effects = List.copyOf(effects);
  }

  /// An effect and how long it may take.
  public record Planned(Effect effect, Duration patience) {}

  public static Decision act(
      String rule, String what, String why, Effect effect, Duration patience) {
    return new Decision(
        rule, what, why, List.of(), List.of(), List.of(new Planned(effect, patience)));
  }

  public static Decision note(String rule, String what, String why, Fact... facts) {
    return new Decision(rule, what, why, List.of(), List.of(facts), List.of());
  }

  public Decision resting(List<String> on) {
    return new Decision(rule, what, why, on, facts, effects);
  }
}
