package dev.salvor.controller.house.planted.good.controller.effect;

import dev.salvor.controller.house.planted.good.controller.core.Turn;
import dev.salvor.controller.house.planted.good.controller.provider.Provider;

/// Planted: keeps every rule.
record Stop(Provider provider) {
  String run(Turn turn) {
    try {
      return provider.stop(turn).said();
    } catch (Provider.Refused e) {
      return String.valueOf(e.getMessage());
    }
  }
}
