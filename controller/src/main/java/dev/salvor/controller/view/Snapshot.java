package dev.salvor.controller.view;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RunState;
import java.util.List;

/// All that is known of one run at a moment: what views are made of.
///
/// @param facts its history, in order
public record Snapshot(RunState state, List<Fact> facts, Live live) {
  public Snapshot {
    facts = List.copyOf(facts);
  }
}
