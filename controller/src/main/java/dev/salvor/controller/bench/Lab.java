package dev.salvor.controller.bench;

import dev.salvor.controller.cli.Wiring;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Where a bench works.
///
/// @param installation the checkout
/// @param place a directory of the bench's own, removed when it ends
/// @param runs how often, for figures that are medians
/// @param scope how much, for what is no median
/// @param told what it does now, for a person
record Lab(
    Path installation, Path place, int runs, Wiring.BenchScope scope, Consumer<String> told) {
  /// The same with another place.
  Lab(Lab as, Path place) {
    this(as.installation, place, as.runs, as.scope, as.told);
  }
}
