package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which checkpoints stay, of each series: the newest, those that are marked as good, and every so
/// many steps one. Results always stay.
///
/// @param newest how many where copies are kept; 0 where all stay
/// @param best a glob on names: what a trainer calls its best; "" for none
/// @param every of each so many steps the first stays where copies are kept; 0 for none
/// @param onBox how many of the newest stay on a box whose disk is short; 0 where all do
public record Retention(int newest, String best, long every, int onBox) {
  /// Nothing is ever removed.
  public static final Retention ALL = new Retention(0, "", 0, 0);

  public Retention {
    boolean noEvery = newest == 0 && every > 0;
    boolean noBest = newest == 0 && onBox == 0 && !best.isEmpty();
    if (newest < 0 || every < 0 || onBox < 0 || noEvery || noBest) {
      throw new IllegalArgumentException("Of a series one stays at least, the newest");
    }
  }

  /// And all on the box.
  public Retention(int newest, String best, long every) {
    this(newest, best, every, 0);
  }

  public boolean all() {
    return newest == 0;
  }

  /// As a person would say it.
  public String words() {
    String more = best.isEmpty() ? "" : ", those named " + best;
    String steps = every == 0 ? "" : ", one of every " + every + " steps";
    return "the newest " + newest + " of each series" + more + steps + "; and results";
  }

  /// What stays on a box, as a person would say it.
  public String boxWords() {
    String more = best.isEmpty() ? "" : ", and those named " + best;
    return "the newest " + onBox + " of each series" + more;
  }

  /// Its trainer calls it a good one: its directory, or one of its files.
  boolean marked(Unit unit) {
    if (best.isEmpty()) {
      return false;
    }
    Pattern glob = glob(best);
    String root = unit.manifest().root();
    return glob.matcher(root.substring(root.lastIndexOf('/') + 1)).matches()
        || unit.manifest().files().stream()
            .map(FileEntry::path)
            .map(path -> path.substring(path.lastIndexOf('/') + 1))
            .anyMatch(name -> glob.matcher(name).matches());
  }

  private static Pattern glob(String text) {
    String regex = text.chars().mapToObj(c -> piece((char) c)).collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  private static String piece(char c) {
    return switch (c) {
      case '*' -> ".*";
      case '?' -> ".";
      default -> Pattern.quote(Character.toString(c));
    };
  }
}
