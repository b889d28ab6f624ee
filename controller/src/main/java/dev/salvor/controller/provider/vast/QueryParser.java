package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.salvor.controller.provider.vast.Condition.Op;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the platform's query language: `field op value`, separated by spaces.
///
/// It differs from the platform's own client in three points: numbers are sent as numbers, an
/// unknown field is a problem, and all problems are told at once with their columns.
final class QueryParser {
  private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_]+");
  private static final Pattern SYMBOL = Pattern.compile(" *([^A-Za-z0-9_\\s\"\\[\\].,?*+-]+) *");
  private static final Pattern WORD =
      Pattern.compile(" +(not +eq|not +in|[A-Za-z]+) +", Pattern.CASE_INSENSITIVE);
  private static final Pattern VALUE = Pattern.compile("\\[[^\\]]*\\]|\"[^\"]*\"|[^ ]+");
  private static final Pattern SPACES = Pattern.compile(" +");
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,18}");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");
  private static final Set<String> ANY = Set.of("?", "*", "any");
  private static final Map<String, Op> OPS =
      Map.ofEntries(
          Map.entry("=", Op.EQ),
          Map.entry("==", Op.EQ),
          Map.entry("eq", Op.EQ),
          Map.entry("!=", Op.NEQ),
          Map.entry("neq", Op.NEQ),
          Map.entry("noteq", Op.NEQ),
          Map.entry("not eq", Op.NEQ),
          Map.entry(">", Op.GT),
          Map.entry("gt", Op.GT),
          Map.entry(">=", Op.GTE),
          Map.entry("gte", Op.GTE),
          Map.entry("<", Op.LT),
          Map.entry("lt", Op.LT),
          Map.entry("<=", Op.LTE),
          Map.entry("lte", Op.LTE),
          Map.entry("in", Op.IN),
          Map.entry("notin", Op.NOTIN),
          Map.entry("nin", Op.NOTIN),
          Map.entry("not in", Op.NOTIN));

  /// The machine sizes that "chunked" stands for: 64 GiB of memory and 32 cores at least.
  private static final List<Condition> CHUNK =
      List.of(
          new Condition("cpu_ram", Op.GTE, LongNode.valueOf(64 * 1024L)),
          new Condition("cpu_cores", Op.GTE, LongNode.valueOf(32)));

  private final String text;
  private final List<Condition> conditions = new ArrayList<>();
  private final Set<String> any = new HashSet<>();
  private final Set<String> directives = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private int at;

  private QueryParser(String text) {
    this.text = text.replaceAll("\\s", " ").stripTrailing();
  }

  static Query parse(String text) {
    QueryParser parser = new QueryParser(text);
    boolean more = true;
    while (more) {
      more = parser.triple();
    }
    return new Query(parser.directed(), parser.any, parser.problems);
  }

  /// Reads one `field op value`; false at the end, or where the rest makes no sense.
  private boolean triple() {
    take(SPACES);
    if (at >= text.length()) {
      return false;
    }
    int start = at;
    Optional<String> field = take(FIELD);
    if (field.isEmpty()) {
      return giveUp(start, "a field name was expected, not \"" + rest(start) + "\"");
    }
    int opAt = at;
    Optional<String> op = operator();
    if (op.isEmpty()) {
      return giveUp(opAt, "an operator was expected after \"" + field.get() + "\"");
    }
    int valueAt = at;
    Optional<String> value = take(VALUE);
    if (value.isEmpty()) {
      return giveUp(valueAt, "a value was expected after \"" + field.get() + " " + op.get() + "\"");
    }
    add(new Typed(field.get(), op.get(), value.get(), start, opAt, valueAt));
    return true;
  }

  /// What the platform's own client works out before it asks.
  private List<Condition> directed() {
    List<Condition> all = new ArrayList<>(conditions);
    if (directives.contains(OfferColumns.GEOREGION)) {
      all.replaceAll(Regions::inCountries);
    }
    if (directives.contains(OfferColumns.CHUNKED)) {
      all.addAll(CHUNK);
    }
    return all;
  }

  private void direct(Typed typed) {
    boolean equal = OPS.get(typed.op()) == Op.EQ;
    String value = bare(typed.value()).toLowerCase(Locale.ROOT);
    if (!equal || !(value.equals("true") || value.equals("false"))) {
      problem(typed.fieldAt(), "\"%s\" goes with =true or =false only".formatted(typed.field()));
    } else if (value.equals("true")) {
      directives.add(typed.field());
    }
  }

  private Optional<String> operator() {
    Optional<String> symbol = take(SYMBOL);
    Optional<String> found = symbol.isPresent() ? symbol : take(WORD);
    return found.map(op -> op.strip().toLowerCase(Locale.ROOT).replaceAll(" +", " "));
  }

  private void add(Typed typed) {
    if (OfferColumns.DIRECTIVES.contains(typed.field())) {
      direct(typed);
      return;
    }
    Optional<String> name = OfferColumns.wireName(typed.field());
    if (name.isEmpty()) {
      problem(
          typed.fieldAt(),
          "unknown field \"%s\", did you mean \"%s\"?"
              .formatted(typed.field(), Nearest.of(typed.field())));
    }
    Op op = OPS.get(typed.op());
    if (op == null) {
      problem(
          typed.opAt(),
          "unknown operator \"%s\": use = != > >= < <= in notin".formatted(typed.op()));
    }
    if (name.isPresent() && op != null) {
      add(name.get(), op, typed);
    }
  }

  private void add(String name, Op op, Typed typed) {
    String bare = bare(typed.value());
    if (ANY.contains(bare.replace("\"", ""))) {
      removeAll(name, op, typed);
      return;
    }
    List<JsonNode> values = new ArrayList<>();
    for (String one : op.takesList() ? bare.split(",") : new String[] {bare}) {
      if (!one.isBlank()) {
        value(name, one, typed).ifPresent(values::add);
      }
    }
    if (values.isEmpty()) {
      if (bare.isBlank()) {
        problem(typed.valueAt(), "\"%s\" has an empty value".formatted(typed.field()));
      }
      return;
    }
    conditions.add(new Condition(name, op, op.takesList() ? list(values) : values.getFirst()));
  }

  private void removeAll(String name, Op op, Typed typed) {
    if (op != Op.EQ) {
      problem(typed.opAt(), "\"any\" goes with \"=\" only, not with \"%s\"".formatted(typed.op()));
      return;
    }
    conditions.removeIf(condition -> condition.field().equals(name));
    any.add(name);
  }

  private Optional<JsonNode> value(String name, String typed, Typed where) {
    String word = typed.replace('_', ' ').replace("\"", "").strip();
    if (word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false")) {
      return Optional.of(BooleanNode.valueOf(word.equalsIgnoreCase("true")));
    }
    if (word.equals("None") || word.equals("null")) {
      return Optional.of(NullNode.getInstance());
    }
    if (OfferColumns.isText(name)) {
      return Optional.of(TextNode.valueOf(word));
    }
    Optional<JsonNode> number = number(name, word);
    if (number.isEmpty()) {
      problem(
          where.valueAt(),
          "\"%s\" takes a number, true, false or null, not \"%s\"".formatted(where.field(), word));
    }
    return number;
  }

  private static Optional<JsonNode> number(String name, String word) {
    OptionalLong driver = OfferColumns.driverNumber(word);
    if (name.equals("driver_version") && driver.isPresent()) {
      return Optional.of(LongNode.valueOf(driver.getAsLong()));
    }
    if (!DECIMAL.matcher(word).matches()) {
      return Optional.empty();
    }
    double number = Double.parseDouble(word);
    Optional<Double> multiplier = OfferColumns.multiplier(name);
    if (multiplier.isPresent()) {
      return Optional.of(DoubleNode.valueOf(number * multiplier.get()));
    }
    return Optional.of(
        INTEGER.matcher(word).matches()
            ? LongNode.valueOf(Long.parseLong(word))
            : DoubleNode.valueOf(number));
  }

  private static ArrayNode list(List<JsonNode> values) {
    return JsonNodeFactory.instance.arrayNode().addAll(values);
  }

  /// Without the commas and brackets around it.
  private static String bare(String value) {
    return value.replaceAll("^[,\\[\\]]+|[,\\[\\]]+$", "");
  }

  private Optional<String> take(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    at = matcher.end();
    return Optional.of(matcher.group());
  }

  private boolean giveUp(int column, String what) {
    problem(column, what);
    return false;
  }

  private void problem(int column, String what) {
    problems.add("column %d: %s".formatted(column + 1, what));
  }

  private String rest(int from) {
    return Words.clean(text.substring(from));
  }

  /// One condition as typed, and where its parts stand.
  private record Typed(String field, String op, String value, int fieldAt, int opAt, int valueAt) {}
}
