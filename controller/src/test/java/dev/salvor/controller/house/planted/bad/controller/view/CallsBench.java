package dev.salvor.controller.house.planted.bad.controller.view;

import dev.salvor.controller.house.planted.bad.controller.bench.Bench;

/// Planted: breaks a rule of imports.
final class CallsBench {
  void again() {
    Bench.run();
  }
}
