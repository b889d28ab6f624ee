package dev.salvor.controller.house.planted.bad.controller.view;

import dev.salvor.controller.house.planted.bad.controller.main.Main;

/// Planted: breaks a rule of imports.
final class CallsMain {
  void again() {
    Main.run();
  }
}
