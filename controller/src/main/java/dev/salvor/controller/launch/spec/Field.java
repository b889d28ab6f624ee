package dev.salvor.controller.launch.spec;

import dev.salvor.common.unit.SpanText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One value of the file under its key. What it is not is a problem, and then absent.
final class Field {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?) ?(MB|MiB|GB|GiB|TB|TiB)?");

  /// A longer list is a mistake, or no file of a person's.
  private static final int MOST_ITEMS = 10_000;

  private final String key;
  private final int line;
  private final Node node;
  private final Findings findings;

  Field(String key, int line, Node node, Findings findings) {
    this.key = key;
    this.line = line;
    this.node = node;
    this.findings = findings;
  }

  static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  int line() {
    return line;
  }

  <T> Optional<T> wrong(String why) {
    findings.problem(line, "%s %s".formatted(key, why));
    return Optional.empty();
  }

  /// A word, a number or more, as it stands there.
  Optional<String> text() {
    if (!(node instanceof ScalarNode scalar)) {
      return wrong("takes one text");
    }
    String value = scalar.getValue();
    if (scalar.getTag().equals(Tag.NULL) || value.isBlank()) {
      return wrong("has no value: give one, or leave the key out");
    }
    return value.indexOf('\0') >= 0 ? wrong("has a zero byte in it") : Optional.of(value);
  }

  /// A text as `text`, with its line.
  Optional<Said> said() {
    return text().map(text -> new Said(text, lineOf(node)));
  }

  /// One text, or a list of them.
  List<Said> texts() {
    return node instanceof SequenceNode
        ? items().stream().flatMap(item -> item.said().stream()).toList()
        : said().stream().toList();
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  List<Field> items() {
    if (!(node instanceof SequenceNode list)) {
      wrong("takes a list");
      return List.of();
    }
    if (list.getValue().size() > MOST_ITEMS) {
      wrong("has more than %d entries".formatted(MOST_ITEMS));
      return List.of();
    }
    List<Field> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      items.add(new Field(key, lineOf(item), item, findings));
    }
    return items;
  }

  Block block(List<String> known) {
    if (node instanceof MappingNode mapping) {
      return Block.of(mapping, known, findings);
    }
    wrong("takes keys of its own: " + String.join(", ", known));
    return Block.empty(known);
  }

  /// Names and texts, in order.
  Map<String, Said> entries() {
    Map<String, Said> entries = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      wrong("takes NAME: value, one a line");
      return entries;
    }
    for (NodeTuple pair : mapping.getValue()) {
      int at = lineOf(pair.getKeyNode());
      String name = pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (!(pair.getValueNode() instanceof ScalarNode value)) {
        findings.problem(at, "%s.%s takes one text".formatted(key, name));
      } else if (entries.put(name, new Said(value.getValue(), at)) != null) {
        findings.problem(at, "%s.%s is given twice".formatted(key, name));
      }
    }
    return entries;
  }

  /// One of these words.
  Optional<String> word(List<String> known) {
    return text()
        .flatMap(word ->
            known.contains(word)
                ? Optional.of(word)
                : wrong(
                    "cannot be \"%s\"%s. It takes %s"
                        .formatted(word, Near.hint(word, known), String.join(", ", known))));
  }

  Optional<Long> whole(long least, long most) {
    return text()
        .flatMap(text ->
            text.matches("[0-9]{1,15}")
                    && Long.parseLong(text) >= least
                    && Long.parseLong(text) <= most
                ? Optional.of(Long.parseLong(text))
                : wrong(
                    "takes a whole number from %d to %d, not \"%s\"".formatted(least, most, text)));
  }

  Optional<Double> number(double least, double most) {
    return text()
        .flatMap(text -> {
          boolean number = text.matches("[0-9]{1,9}(\\.[0-9]{1,6})?");
          double value = number ? new BigDecimal(text).doubleValue() : -1;
          return number && value >= least && value <= most
              ? Optional.of(value)
              : wrong("takes a number from %s to %s, not \"%s\"".formatted(least, most, text));
        });
  }

  /// US dollars.
  Optional<Double> money(double most) {
    return text()
        .flatMap(text -> {
          String bare = text.startsWith("$") ? text.substring(1) : text;
          boolean number = bare.matches("[0-9]{1,9}(\\.[0-9]{1,6})?");
          double value = number ? new BigDecimal(bare).doubleValue() : 0;
          return value > 0 && value <= most
              ? Optional.of(value)
              : wrong("takes dollars over 0, up to %.0f, not \"%s\"".formatted(most, text));
        });
  }

  /// Decimal gigabytes: a bare number, or "300 MB", "1.5 TB".
  Optional<Double> gigabytes() {
    return text()
        .flatMap(text -> {
          Matcher size = SIZE.matcher(text.strip());
          return size.matches()
              ? Optional.of(
                  Double.parseDouble(size.group(1))
                      * unit(size.group(2) == null ? "GB" : size.group(2)))
              : wrong("takes a size such as 60, 300 MB or 1.5 TB, not \"%s\"".formatted(text));
        });
  }

  private static double unit(String unit) {
    return switch (unit) {
      case "MB" -> 0.001;
      case "MiB" -> 0.001048576;
      case "GiB" -> 1.073741824;
      case "TB" -> 1000;
      case "TiB" -> 1099.511627776;
      default -> 1;
    };
  }

  /// "90s", "10m", "2h", "3d"; over zero.
  Optional<Duration> time() {
    return text()
        .flatMap(text -> {
          Optional<Duration> time = SpanText.parse(text);
          return time.isPresent() && !time.get().isZero()
              ? time
              : wrong("takes %s, not \"%s\"".formatted(SpanText.SHAPE, text));
        });
  }

  /// An absolute path on the box.
  Optional<String> boxPath() {
    return text()
        .flatMap(path -> {
          boolean fits =
              path.startsWith("/")
                  && path.chars().noneMatch(c -> c < ' ')
                  && !(path + "/").contains("/../");
          return fits
              ? Optional.of(path.length() > 1 ? path.replaceAll("/+$", "") : path)
              : wrong("takes an absolute path on the box, not \"%s\"".formatted(path));
        });
  }

  List<String> boxPaths() {
    if (!isList()) {
      return boxPath().stream().toList();
    }
    return items().stream().flatMap(item -> item.boxPath().stream()).toList();
  }
}
