package dev.salvor.controller.sandbox.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The last few texts to be fetched by name.
final class Results {
  private final int most;
  private final Map<String, String> texts = new LinkedHashMap<>();

  Results(int most) {
    this.most = most;
  }

  /// Keeps a text under a name that nobody can guess.
  String add(String text) {
    String name = UUID.randomUUID().toString();
    put(name, text);
    return name;
  }

  private synchronized void put(String name, String text) {
    texts.put(name, text);
    if (texts.size() > most) {
      texts.remove(texts.keySet().iterator().next());
    }
  }

  synchronized Optional<String> get(String name) {
    return Optional.ofNullable(texts.get(name));
  }
}
