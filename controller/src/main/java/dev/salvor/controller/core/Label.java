package dev.salvor.controller.core;

import dev.salvor.common.unit.RunId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name a rental carries at the provider: "salvor:fleet:run:generation:attempt", one for each
/// attempt at renting.
public record Label(String fleet, RunId run, RentalRef rental) {
  private static final Pattern SHAPE =
      Pattern.compile("salvor:([a-z0-9]+):([a-z0-9][a-z0-9_-]{0,39}):(\\d{1,6}):(\\d{1,6})");

  /// Empty for a label that is not of our making.
  public static Optional<Label> parse(String text) {
    Matcher m = SHAPE.matcher(text);
    if (!m.matches() || m.group(3).startsWith("0") || m.group(4).startsWith("0")) {
      return Optional.empty();
    }
    RentalRef rental = new RentalRef(Integer.parseInt(m.group(3)), Integer.parseInt(m.group(4)));
    return Optional.of(new Label(m.group(1), new RunId(m.group(2)), rental));
  }

  @Override
  public String toString() {
    return "salvor:%s:%s:%d:%d".formatted(fleet, run, rental.generation(), rental.attempt());
  }
}
