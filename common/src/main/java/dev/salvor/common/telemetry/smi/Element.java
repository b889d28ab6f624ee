package dev.salvor.common.telemetry.smi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// A named value with others below it: what nvidia-smi's XML and its long text both are.
final class Element {
  private final String name;
  private final String id;
  private final List<Element> children = new ArrayList<>();
  private String text = "";

  /// Nothing below it yet.
  ///
  /// @param id its attribute of this name, or ""
  Element(String name, String id) {
    this.name = name;
    this.id = id;
  }

  String name() {
    return name;
  }

  String id() {
    return id;
  }

  String text() {
    return text;
  }

  void say(String said) {
    text = said;
  }

  void add(Element child) {
    children.add(child);
  }

  List<Element> all(String childName) {
    return children.stream().filter(child -> child.name.equals(childName)).toList();
  }

  Optional<Element> child(String childName) {
    for (Element child : children) {
      if (child.name.equals(childName)) {
        return Optional.of(child);
      }
    }
    return Optional.empty();
  }

  /// The text at a path like "fb_memory_usage/used"; empty where there is no such place. Where the
  /// path ends early in a text ("remapped_rows" is "N/A"), that text.
  Optional<String> at(String path) {
    Element here = this;
    for (String step : path.split("/", -1)) {
      Optional<Element> next = here.child(step);
      if (next.isEmpty()) {
        return here != this && here.children.isEmpty() && !here.text.isEmpty()
            ? Optional.of(here.text)
            : Optional.empty();
      }
      here = next.get();
    }
    return here.text.isEmpty() ? Optional.empty() : Optional.of(here.text);
  }

  /// Every text below, with the names on the way, outermost first, divided by slashes.
  void walk(BiConsumer<String, String> to) {
    walk("", to);
  }

  private void walk(String above, BiConsumer<String, String> to) {
    for (Element child : children) {
      String path = above + "/" + child.name;
      if (!child.text.isEmpty()) {
        to.accept(path, child.text);
      }
      child.walk(path, to);
    }
  }
}
