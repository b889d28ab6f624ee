package dev.salvor.controller.cargo;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The few elements that are read from a store's answers, which are flat and known.
final class S3Xml {
  private S3Xml() {}

  /// What stands in each element of this name, as it is.
  static List<String> all(String xml, String element) {
    String name = Pattern.quote(element);
    return Pattern.compile("<" + name + "(?: [^>]*)?>(.*?)</" + name + ">", Pattern.DOTALL)
        .matcher(xml)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /// The text of the first; empty where there is none.
  static Optional<String> text(String xml, String element) {
    return all(xml, element).stream().findFirst().map(S3Xml::plain);
  }

  static String plain(String text) {
    Matcher entity = Pattern.compile("&(#x?[0-9A-Fa-f]{1,6}|[a-z]{2,4});").matcher(text);
    return entity.replaceAll(found -> Matcher.quoteReplacement(character(found.group(1))));
  }

  private static String character(String entity) {
    return switch (entity) {
      case "amp" -> "&";
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      default ->
          entity.startsWith("#x")
              ? Character.toString(Integer.parseInt(entity.substring(2), 16))
              : entity.startsWith("#")
                  ? Character.toString(Integer.parseInt(entity.substring(1)))
                  : "";
    };
  }
}
