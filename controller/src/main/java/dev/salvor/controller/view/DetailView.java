package dev.salvor.controller.view;

import java.util.List;

/// One thing at the platform, a fact a line.
///
/// @param raw the platform's own JSON
public record DetailView(List<Fact> facts, String raw) {
  public DetailView {
    facts = List.copyOf(facts);
  }

  /// A name and what it is.
  public record Fact(String name, String value) {}
}
