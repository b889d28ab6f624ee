package dev.salvor.controller.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/// A fault as it is typed, "outbid,after_running_s=30", as the sandbox takes it.
final class FaultFlag {
  private static final Set<String> OF_THE_TRIGGER =
      Set.of("after_running_s", "path_regex", "reaches");
  private static final String NUMBER = "-?[0-9]{1,15}(\\.[0-9]{1,9})?";

  private FaultFlag() {}

  static String json(String typed) throws Failure {
    String[] parts = typed.split(",", -1);
    ObjectNode fault = JsonNodeFactory.instance.objectNode().put("kind", parts[0].strip());
    for (int i = 1; i < parts.length; i++) {
      String[] sides = parts[i].split("=", 2);
      String key = sides[0].strip();
      if (sides.length < 2 || key.isEmpty()) {
        throw new Failure(
            Exit.USAGE,
            "Cannot read the fault \"%s\": \"%s\" is no KEY=VALUE. Write KIND,KEY=VALUE, such as outbid,after_running_s=30."
                .formatted(typed, parts[i]));
      }
      put(OF_THE_TRIGGER.contains(key) ? fault.withObject("/trigger") : fault, key, sides[1]);
    }
    return fault.toString();
  }

  private static void put(ObjectNode node, String key, String value) {
    if (!value.matches(NUMBER)) {
      node.put(key, value);
    } else if (value.contains(".")) {
      node.put(key, Double.parseDouble(value));
    } else {
      node.put(key, Long.parseLong(value));
    }
  }
}
