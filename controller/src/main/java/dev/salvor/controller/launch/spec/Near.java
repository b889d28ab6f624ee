package dev.salvor.controller.launch.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// The known word that somebody may have meant.
final class Near {
  /// Two slips of the finger; with more it is another word.
  private static final int MOST_SLIPS = 2;

  private Near() {}

  static Optional<String> of(String typed, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String word) -> slips(typed, word)).thenComparing(w -> w))
        .filter(word ->
            slips(typed, word) <= Math.min(MOST_SLIPS, Math.max(1, typed.length() / 2))
                || word.startsWith(typed)
                || typed.startsWith(word));
  }

  /// " (did you mean x?)", or nothing.
  static String hint(String typed, Collection<String> known) {
    return of(typed, known).map(word -> "; did you mean \"" + word + "\"?").orElse("");
  }

  /// How many letters to change, add, leave out, or swap with the next one.
  private static int slips(String from, String to) {
    int[][] most = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        most[i][j] = i == 0 || j == 0 ? i + j : least(most, from, to, i, j);
      }
    }
    return most[from.length()][to.length()];
  }

  private static int least(int[][] most, String from, String to, int i, int j) {
    char a = from.charAt(i - 1);
    char b = to.charAt(j - 1);
    int one = 1 + Math.min(most[i - 1][j], most[i][j - 1]);
    int changed = most[i - 1][j - 1] + (a == b ? 0 : 1);
    boolean swapped = i > 1 && j > 1 && a == to.charAt(j - 2) && b == from.charAt(i - 2);
    return Math.min(Math.min(one, changed), swapped ? 1 + most[i - 2][j - 2] : one);
  }
}
