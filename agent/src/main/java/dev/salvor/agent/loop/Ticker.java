package dev.salvor.agent.loop;

import dev.salvor.agent.core.Moment;

/// Tells the time by both clocks.
@FunctionalInterface
public interface Ticker {
  Moment now();
}
