package dev.salvor.common.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which part of a result root a unit of results is: a tree of many files is captured as several
/// units, cut in the order of the names.
///
/// @param number from 1
/// @param last whether nothing of the tree comes behind it
public record ResultsPart(int number, boolean last) {
  private static final Pattern FORMAT = Pattern.compile("files-(last-)?part-([0-9]{1,9})");

  public ResultsPart {
    if (number < 1) {
      throw new IllegalArgumentException("Parts count from 1: " + number);
    }
  }

  /// The unit's format: "files", "files-part-2", "files-last-part-3".
  public String format() {
    if (number == 1 && last) {
      return "files";
    }
    return "files-" + (last ? "last-part-" : "part-") + number;
  }

  /// Any other format is the whole tree.
  public static ResultsPart of(Unit unit) {
    Matcher match = FORMAT.matcher(unit.format());
    return match.matches() && Integer.parseInt(match.group(2)) > 0
        ? new ResultsPart(Integer.parseInt(match.group(2)), match.group(1) != null)
        : new ResultsPart(1, true);
  }

  /// Whether a later capture of the same tree that is this part leaves nothing that only that
  /// earlier part holds.
  public boolean covers(ResultsPart earlier) {
    return number == earlier.number() || (last && number < earlier.number());
  }
}
