package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.MalformedException;
import java.util.ArrayDeque;
import java.util.Deque;

/// The little XML that nvidia-smi writes: elements, attributes and texts. Knows no entity but the
/// five of XML itself and opens nothing that a document names (docs/decisions/0150).
final class XmlReader {
  /// nvidia-smi nests 6 deep.
  private static final int DEEPEST = 32;

  /// Eight cards with a thousand processes each have some 50,000.
  private static final int MOST_ELEMENTS = 200_000;

  /// The longest has 48 letters.
  private static final int LONGEST_NAME = 100;

  private final String xml;
  private final Deque<Open> open = new ArrayDeque<>();
  private int at;
  private int elements;

  private XmlReader(String xml, int at) {
    this.xml = xml;
    this.at = at;
  }

  /// The element that begins at or after a place, with all below it.
  static Parsed read(String xml, int from) throws MalformedException {
    XmlReader reader = new XmlReader(xml, from);
    Element root = reader.document();
    return new Parsed(root, reader.at);
  }

  /// @param end behind the root's end
  record Parsed(Element root, int end) {}

  private record Open(Element element, StringBuilder text) {}

  private Element document() throws MalformedException {
    while (true) {
      int tag = xml.indexOf('<', at);
      if (tag < 0) {
        throw cut();
      }
      if (!open.isEmpty()) {
        open.element().text().append(xml, at, tag);
      }
      at = tag + 1;
      if (xml.startsWith("?", at)) {
        skipTo("?>");
      } else if (xml.startsWith("!--", at)) {
        skipTo("-->");
      } else if (xml.startsWith("![CDATA[", at)) {
        characters();
      } else if (xml.startsWith("!", at)) {
        declaration();
      } else if (xml.startsWith("/", at)) {
        Element closed = end();
        if (open.isEmpty()) {
          return closed;
        }
      } else if (start()) {
        return new Element("", "");
      }
    }
  }

  private void characters() throws MalformedException {
    int from = at + "![CDATA[".length();
    skipTo("]]>");
    if (!open.isEmpty()) {
      open.element().text().append(xml, from, at - "]]>".length());
    }
  }

  /// The document type only: what it defines inside or points at outside is not wanted.
  private void declaration() throws MalformedException {
    int from = at;
    skipTo(">");
    if (xml.substring(from, at).indexOf('[') >= 0) {
      throw new MalformedException("it defines entities of its own, which nvidia-smi never does");
    }
  }

  /// Whether the element is the root and empty.
  private boolean start() throws MalformedException {
    int end = xml.indexOf('>', at);
    if (end < 0) {
      throw cut();
    }
    boolean empty = xml.charAt(end - 1) == '/';
    String inside = xml.substring(at, empty ? end - 1 : end);
    at = end + 1;
    elements++;
    if (elements > MOST_ELEMENTS || open.size() >= DEEPEST) {
      throw new MalformedException("it has more elements, or deeper ones, than nvidia-smi writes");
    }
    String name = name(inside);
    Element element = new Element(name, unescaped(id(inside)));
    if (!open.isEmpty()) {
      open.element().element().add(element);
    }
    if (!empty) {
      open.push(new Open(element, new StringBuilder()));
    }
    return empty && open.isEmpty();
  }

  private Element end() throws MalformedException {
    int end = xml.indexOf('>', at);
    if (end < 0) {
      throw cut();
    }
    String name = xml.substring(at + 1, end).strip();
    at = end + 1;
    Open last = open.poll();
    if (last == null || !last.element().name().equals(name)) {
      throw new MalformedException("</%s> ends what was not begun".formatted(shortened(name)));
    }
    last.element().say(unescaped(last.text().toString().strip()));
    return last.element();
  }

  private static String name(String inside) throws MalformedException {
    int end = 0;
    while (end < inside.length() && !Character.isWhitespace(inside.charAt(end))) {
      end++;
    }
    String name = inside.substring(0, end);
    boolean valid =
        !name.isEmpty()
            && name.length() <= LONGEST_NAME
            && name.chars().allMatch(XmlReader::isNameLetter);
    if (!valid) {
      throw new MalformedException("<%s> is no element".formatted(shortened(inside)));
    }
    return name;
  }

  private static boolean isNameLetter(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == ':';
  }

  private static String id(String inside) {
    int at = inside.indexOf(" id=");
    if (at < 0 || at + 5 >= inside.length()) {
      return "";
    }
    char quote = inside.charAt(at + 4);
    int end = inside.indexOf(quote, at + 5);
    return end < 0 || (quote != '"' && quote != '\'') ? "" : inside.substring(at + 5, end);
  }

  private static String unescaped(String text) {
    return text.indexOf('&') < 0
        ? text
        : text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&");
  }

  private void skipTo(String end) throws MalformedException {
    int found = xml.indexOf(end, at);
    if (found < 0) {
      throw cut();
    }
    at = found + end.length();
  }

  private MalformedException cut() {
    return new MalformedException(
        open.isEmpty()
            ? "it ends before its first element"
            : "it ends inside <%s>: cut off while it was written"
                .formatted(open.element().element().name()));
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
