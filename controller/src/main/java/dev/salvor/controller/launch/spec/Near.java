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

  /// Levenshtein's: how many letters to change, add or leave out.
  private static int slips(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
