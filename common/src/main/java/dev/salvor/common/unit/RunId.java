package dev.salvor.common.unit;

import java.util.regex.Pattern;

/// Names a run: lower-case letters, digits, dashes and underscores, 1 to 40 characters, so that it
/// fits into labels and paths.
public record RunId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,39}");

  public RunId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "Not a run name (a-z, 0-9, '-', '_', at most 40): " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
