package dev.salvor.controller.launch.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Words for bash, and a command line taken apart as a runtime does it.
final class Sh {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]*}");

  private Sh() {}

  /// As bash must see it to hand it on unchanged.
  static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /// As `quote`, but ${NAME} stands for the variable of that name, whatever is in it.
  static String quoteKeepingVariables(String word) {
    StringBuilder quoted = new StringBuilder();
    Matcher variable = VARIABLE.matcher(word);
    int from = 0;
    while (variable.find()) {
      quoted.append(variable.start() > from ? quote(word.substring(from, variable.start())) : "");
      quoted.append('"').append(variable.group()).append('"');
      from = variable.end();
    }
    return quoted.append(from < word.length() ? quote(word.substring(from)) : "").toString();
  }

  static String join(List<String> words) {
    return String.join(" ", words.stream().map(Sh::quote).toList());
  }

  /// The words of a command line, quotes taken off and nothing else done; empty where a quote is
  /// not closed.
  static Optional<List<String>> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
        }
        inWord = false;
        continue;
      }
      inWord = true;
      if (c == quote || (quote == 0 && (c == '\'' || c == '"'))) {
        quote = quote == 0 ? c : 0;
      } else if (escapes(line, i, quote)) {
        word.append(line.charAt(++i));
      } else {
        word.append(c);
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return quote == 0 ? Optional.of(words) : Optional.empty();
  }

  /// A backslash counts outside quotes, and in double ones before a quote or another backslash.
  private static boolean escapes(String line, int at, char quote) {
    if (line.charAt(at) != '\\' || at + 1 >= line.length() || quote == '\'') {
      return false;
    }
    return quote == 0 || line.charAt(at + 1) == '"' || line.charAt(at + 1) == '\\';
  }
}
