package dev.salvor.controller.view;

import java.time.Instant;
import java.util.List;

/// One decision with its reasons and the evidence it stood on.
public record DecisionView(
    Instant at, String rule, String what, String why, List<String> evidence) {
  public DecisionView {
    evidence = List.copyOf(evidence);
  }
}
