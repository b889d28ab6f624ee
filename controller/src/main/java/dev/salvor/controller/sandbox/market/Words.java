package dev.salvor.controller.sandbox.market;

import java.util.ArrayList;
import java.util.List;

/// Takes a command line apart into words as a shell would, without running anything.
public final class Words {
  private Words() {}

  /// Quotes and backslashes as in a POSIX shell; a quote that is never closed ends with the text.
  public static List<String> of(String line) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean begun = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean escapes = c == '\\' && quote != '\'' && i + 1 < line.length();
      if (escapes && (quote == 0 || "\"\\$`".indexOf(line.charAt(i + 1)) >= 0)) {
        word.append(line.charAt(++i));
        begun = true;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
        begun = true;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        end(words, word, begun);
        begun = false;
      } else {
        word.append(c);
        begun = true;
      }
    }
    end(words, word, begun);
    return words;
  }

  private static void end(List<String> words, StringBuilder word, boolean begun) {
    if (begun) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
