package dev.salvor.controller.provider.vast;

import java.util.Comparator;

/// The field that somebody may have meant.
final class Nearest {
  private Nearest() {}

  static String of(String typed) {
    return OfferColumns.typedNames().stream()
        .min(Comparator.comparingInt((String name) -> distance(typed, name)))
        .orElseThrow();
  }

  /// Levenshtein's: how many letters to change, add or leave out.
  private static int distance(String from, String to) {
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
