package dev.salvor.common.pattern;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/// A user's pattern for lines of a log, looked for in time that grows with the line and with
/// nothing else: no pattern can hold up whoever reads a log.
public final class LinePattern {
  /// What these are, for messages and docs: the syntax of RE2, which goes back over nothing.
  public static final String SYNTAX = "https://github.com/google/re2/wiki/Syntax";

  public static final int MAX_CHARS = 500;

  /// Steps of all patterns of a job together: each costs a little at every character of its log.
  public static final int MAX_STEPS = 2_000;

  /// Counts of counts multiply: ten of them would fill any memory before their number is known.
  private static final java.util.regex.Pattern COUNTED_GROUP =
      java.util.regex.Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\)\\{[0-9]");

  private final Pattern pattern;

  private LinePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /// Reads one.
  ///
  /// @throws IllegalArgumentException it is none; says why
  public static LinePattern of(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("an empty pattern fits every line");
    }
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "a pattern has %d characters at most, not %d".formatted(MAX_CHARS, text.length()));
    }
    if (COUNTED_GROUP.matcher(text).find()) {
      throw new IllegalArgumentException(
          "a group cannot be counted, as in (ab){3}: write it out, or use + or *");
    }
    return new LinePattern(compiled(text));
  }

  private static Pattern compiled(String text) {
    try {
      Pattern pattern = Pattern.compile(text);
      if (pattern.programSize() > MAX_STEPS) {
        throw new IllegalArgumentException(
            "a pattern takes %d steps at most, not %d: count less in {}"
                .formatted(MAX_STEPS, pattern.programSize()));
      }
      if (pattern.matcher("").find()) {
        throw new IllegalArgumentException("a pattern that fits an empty line fits every line");
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s; look-around and back references are none of it, see %s"
              .formatted(
                  String.valueOf(e.getMessage()).replace("error parsing regexp: ", ""), SYNTAX),
          e);
    }
  }

  /// What it costs at each character, at most.
  public int steps() {
    return pattern.programSize();
  }

  /// Whether it fits somewhere in the line.
  public boolean isIn(String line) {
    return pattern.matcher(line).find();
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
