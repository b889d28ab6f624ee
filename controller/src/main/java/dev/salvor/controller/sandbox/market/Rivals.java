package dev.salvor.controller.sandbox.market;

import java.util.Optional;
import java.util.Random;

/// Other customers: who bids for, or takes, which machine at which time, drawn from a seed. Nothing
/// is remembered: the same moment always has the same rivals.
///
/// @param meanSeconds how often one comes to a machine, on average; 0 for a market without them
public record Rivals(double meanSeconds) {
  public static final Rivals NONE = new Rivals(0);

  /// Of all who come, those who pay the full price, whom no bid beats.
  private static final double ON_DEMAND = 0.15;

  /// Bids lie between these parts of the price on demand.
  private static final double LEAST = 0.35;

  private static final double MOST = 1.05;

  public Rivals {
    if (meanSeconds < 0 || !Double.isFinite(meanSeconds)) {
      throw new IllegalArgumentException("rivals every " + meanSeconds + " s");
    }
  }

  /// What stands against a bid on a machine.
  ///
  /// @param bid an hour; nothing where the rival rents on demand
  record Rival(boolean onDemand, double bid) {}

  /// Who is there at a time since the market's first day.
  Optional<Rival> at(Machine machine, long seed, double seconds) {
    if (meanSeconds == 0) {
      return Optional.empty();
    }
    long slot = (long) Math.floor(seconds / meanSeconds);
    Optional<Rival> now = in(machine, seed, slot, seconds);
    Optional<Rival> before = in(machine, seed, slot - 1, seconds);
    return before.isPresent() && (now.isEmpty() || before.get().onDemand()) ? before : now;
  }

  /// One comes in every slot, somewhere in it, and stays between a tenth of one and a whole one.
  private Optional<Rival> in(Machine machine, long seed, long slot, double seconds) {
    var random = new Random((seed * 31 + machine.id()) * 1_000_003 + slot);
    random.nextInt();
    double comes = (slot + random.nextDouble()) * meanSeconds;
    double leaves = comes + random.nextDouble(0.1, 1.0) * meanSeconds;
    boolean onDemand = random.nextDouble() < ON_DEMAND;
    double bid = machine.ask().price() * random.nextDouble(LEAST, MOST);
    return slot >= 0 && seconds >= comes && seconds < leaves
        ? Optional.of(new Rival(onDemand, bid))
        : Optional.empty();
  }
}
