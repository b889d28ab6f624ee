package dev.salvor.controller.house.planted.bad.controller.core;

import java.util.UUID;

/// Planted: breaks a rule of imports.
final class DrawsId {
  UUID id() {
    return UUID.randomUUID();
  }
}
