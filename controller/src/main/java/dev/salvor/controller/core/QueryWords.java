package dev.salvor.controller.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a query in the platform's words says of single fields, as far as a spec depends on it.
public final class QueryWords {
  /// What is left of a machine's contract, in days.
  private static final String CONTRACT = "duration";

  private static final String MACHINE = "machine_id";
  private static final double DAY = 86_400;

  /// Field, operator, value, as the platform's own client takes them apart.
  private static final Pattern TERM =
      Pattern.compile(
          "([A-Za-z0-9_]+)( *[^A-Za-z0-9_\\s\"\\[\\].,?*+-]+ *| +(?:not +eq|not +in|[A-Za-z]+)"
              + " +)(\\[[^\\]]*\\]|\"[^\"]*\"|[^ ]+)");

  private static final Pattern ONE = Pattern.compile("\\[? *\"?[0-9]+\"? *,? *\\]?");

  private QueryWords() {}

  /// One condition, as typed.
  private record Term(String field, String op, String value, String text) {}

  private static List<Term> terms(String query) {
    List<Term> terms = new ArrayList<>();
    Matcher term = TERM.matcher(query.replaceAll("\\s", " "));
    while (term.find()) {
      terms.add(
          new Term(term.group(1), term.group(2).strip(), term.group(3), term.group().strip()));
    }
    return terms;
  }

  private static String those(String query, Predicate<Term> which) {
    return String.join(" ", terms(query).stream().filter(which).map(Term::text).toList());
  }

  /// A condition in the place of whatever the query says of that field.
  public static String with(String query, String field, String condition) {
    return (those(query, term -> !term.field().equals(field)) + " " + condition).strip();
  }

  /// Whether it leaves one machine and no other.
  public static boolean namesMachine(String query) {
    return terms(query).stream()
        .filter(term -> term.field().equals(MACHINE))
        .anyMatch(term ->
            List.of("=", "==", "eq", "in").contains(term.op())
                && ONE.matcher(term.value()).matches());
  }

  /// A machine whose contract ends before the run must be over is none, unless the user says how
  /// long it has to be.
  public static String lasting(String query, Duration left) {
    return says(query, CONTRACT)
        ? query
        : String.format(Locale.ROOT, "%s %s>=%.2f", query, CONTRACT, left.toSeconds() / DAY);
  }

  private static boolean says(String query, String field) {
    return terms(query).stream().anyMatch(term -> term.field().equals(field));
  }

  /// Another query for the same spec: how long the contract must be, and the machine that its
  /// volume lies on, go on counting where the other does not say them.
  public static String instead(String other, String query, boolean deadline, boolean volume) {
    String next = other;
    if (deadline && !says(next, CONTRACT)) {
      next = next + " " + those(query, term -> term.field().equals(CONTRACT));
    }
    if (volume && !namesMachine(next)) {
      next = with(next, MACHINE, those(query, term -> term.field().equals(MACHINE)));
    }
    return next.strip();
  }
}
