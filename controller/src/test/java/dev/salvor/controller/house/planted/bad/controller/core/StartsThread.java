package dev.salvor.controller.house.planted.bad.controller.core;

/// Planted: breaks a rule of imports.
final class StartsThread {
  Thread start(Runnable work) {
    return Thread.ofVirtual().start(work);
  }
}
