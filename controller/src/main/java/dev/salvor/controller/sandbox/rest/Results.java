package dev.salvor.controller.sandbox.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The last few texts to be fetched by name.
final class Results {
  private final int most;
  private final Map<String, String> texts = new LinkedHashMap<>();

  Results(int most) {
    this.most = most;
  }

  synchronized void put(String name, String text) {
    texts.put(name, text);
    if (texts.size() > most) {
      texts.remove(texts.keySet().iterator().next());
    }
  }

  synchronized Optional<String> get(String name) {
    return Optional.ofNullable(texts.get(name));
  }
}
