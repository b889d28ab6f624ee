package dev.salvor.controller.house.planted.good.controller.provider;

import dev.salvor.controller.house.planted.good.controller.core.Turn;

/// Planted: keeps every rule.
public interface Provider {
  Answer stop(Turn turn) throws Refused;

  record Answer(String said) {}

  final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    public Refused(String why) {
      super(why);
    }
  }
}
