package dev.salvor.controller.launch.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// A mapping of the file whose keys are known; unknown ones are problems, and so is a key twice.
final class Block {
  private final List<String> known;
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private final int line;

  private Block(List<String> known, int line) {
    this.known = known;
    this.line = line;
  }

  /// Nothing was said.
  static Block empty(List<String> known) {
    return new Block(known, 1);
  }

  static Block of(MappingNode node, List<String> known, Findings findings) {
    Block block = new Block(known, Field.lineOf(node));
    for (NodeTuple pair : node.getValue()) {
      int line = Field.lineOf(pair.getKeyNode());
      if (!(pair.getKeyNode() instanceof ScalarNode key)) {
        findings.problem(line, "a key must be a word");
      } else if (!known.contains(key.getValue())) {
        findings.problem(line, unknown(key.getValue(), known));
      } else if (block.fields.containsKey(key.getValue())) {
        findings.problem(line, "\"%s\" is given twice".formatted(key.getValue()));
      } else {
        block.fields.put(
            key.getValue(), new Field(key.getValue(), line, pair.getValueNode(), findings));
      }
    }
    return block;
  }

  private static String unknown(String key, List<String> known) {
    if (known.equals(RunKeys.TOP) && RunKeys.NOT_YET.containsKey(key)) {
      return "\"%s\" cannot be had: %s".formatted(key, RunKeys.NOT_YET.get(key));
    }
    Optional<String> meant =
        Optional.ofNullable(RunKeys.FOREIGN.get(key))
            .filter(known::contains)
            .or(() -> Near.of(key, known));
    return "unknown key \"%s\"%s"
        .formatted(
            key,
            meant
                .map(word -> "; did you mean \"" + word + "\"?")
                .orElse(". Known here: " + String.join(", ", known)));
  }

  Optional<Field> get(String key) {
    if (!known.contains(key)) {
      throw new IllegalArgumentException("No such key: " + key);
    }
    return Optional.ofNullable(fields.get(key));
  }

  boolean has(String key) {
    return get(key).isPresent();
  }

  /// Where a key is, or where it could be.
  int line(String key) {
    return get(key).map(Field::line).orElse(line);
  }
}
