package dev.salvor.controller.house.planted.bad.controller.core;

import java.time.Instant;

/// Planted: breaks a rule of imports.
final class ReadsClock {
  Instant late() {
    return Instant.now();
  }
}
