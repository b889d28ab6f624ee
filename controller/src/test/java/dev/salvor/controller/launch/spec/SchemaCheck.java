package dev.salvor.controller.launch.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What of a document a JSON Schema does not allow, by those of its words that ours uses; another
/// word is a failure of the test, not passed over.
final class SchemaCheck {
  private static final Set<String> TOLD =
      Set.of("$schema", "$id", "title", "description", "default", "examples");

  private final List<String> wrong = new ArrayList<>();

  private SchemaCheck() {}

  static List<String> wrong(JsonNode schema, JsonNode document) {
    SchemaCheck check = new SchemaCheck();
    check.look("", schema, document);
    return List.copyOf(check.wrong);
  }

  private void look(String at, JsonNode schema, JsonNode value) {
    schema
        .properties()
        .forEach(word -> {
          String name = word.getKey();
          JsonNode says = word.getValue();
          switch (name) {
            case "type" -> when(!isOf(says, value), at + " is no " + says);
            case "enum" -> when(!among(says, value), at + " is none of " + says);
            case "pattern" ->
                when(
                    value.isTextual()
                        && !Pattern.compile(says.asText()).matcher(value.asText()).find(),
                    at + " does not fit " + says);
            case "minimum" ->
                when(value.isNumber() && value.asDouble() < says.asDouble(), at + " is too small");
            case "maximum" ->
                when(value.isNumber() && value.asDouble() > says.asDouble(), at + " is too large");
            case "exclusiveMinimum" ->
                when(value.isNumber() && value.asDouble() <= says.asDouble(), at + " is too small");
            case "maxLength" ->
                when(value.isTextual() && value.asText().length() > says.asInt(), at + " is long");
            case "maxItems" ->
                when(value.isArray() && value.size() > says.asInt(), at + " has too many");
            case "minItems" ->
                when(value.isArray() && value.size() < says.asInt(), at + " has too few");
            case "required" ->
                says.forEach(key ->
                    when(value.isObject() && !value.has(key.asText()), at + " lacks " + key));
            case "properties" -> properties(at, says, value);
            case "additionalProperties" -> others(at, schema, says, value);
            case "items" -> items(at, says, value);
            case "anyOf" -> when(matching(at, says, value) == 0, at + " fits none of anyOf");
            case "oneOf" -> when(matching(at, says, value) != 1, at + " fits not one of oneOf");
            default -> {
              if (!TOLD.contains(name)) {
                throw new AssertionError(
                    "the schema says \"%s\", which is not checked".formatted(name));
              }
            }
          }
        });
  }

  private void when(boolean bad, String what) {
    if (bad) {
      wrong.add(what);
    }
  }

  private void properties(String at, JsonNode says, JsonNode value) {
    if (value.isObject()) {
      says.properties()
          .forEach(one -> {
            if (value.has(one.getKey())) {
              look(at + "/" + one.getKey(), one.getValue(), value.path(one.getKey()));
            }
          });
    }
  }

  private void others(String at, JsonNode schema, JsonNode says, JsonNode value) {
    Set<String> known = new HashSet<>();
    schema.path("properties").fieldNames().forEachRemaining(known::add);
    value
        .properties()
        .forEach(one -> {
          if (known.contains(one.getKey())) {
            return;
          }
          if (says.isBoolean()) {
            when(!says.asBoolean(), at + " knows no " + one.getKey());
          } else {
            look(at + "/" + one.getKey(), says, one.getValue());
          }
        });
  }

  private void items(String at, JsonNode says, JsonNode value) {
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        look(at + "/" + i, says, value.path(i));
      }
    }
  }

  private static int matching(String at, JsonNode forms, JsonNode value) {
    int fit = 0;
    for (JsonNode form : forms) {
      SchemaCheck one = new SchemaCheck();
      one.look(at, form, value);
      fit += one.wrong.isEmpty() ? 1 : 0;
    }
    return fit;
  }

  private static boolean among(JsonNode words, JsonNode value) {
    for (JsonNode word : words) {
      if (word.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOf(JsonNode type, JsonNode value) {
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (isOf(one, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "null" -> value.isNull();
      default -> throw new AssertionError("no such type: " + type);
    };
  }
}
