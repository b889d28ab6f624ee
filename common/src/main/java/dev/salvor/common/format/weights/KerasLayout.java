package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.JsonReader;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.zip.ZipDirectory.Entry;
import dev.salvor.common.format.zip.ZipLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A .keras file: configuration, metadata and weights in one zip (keras-team/keras,
/// src/saving/saving_lib.py). A Lambda layer in it is code.
public final class KerasLayout implements ZipLayout {
  private static final String CONFIG = "config.json";
  private static final int MAX_NAME = 256;

  private final Hdf5Format hdf5 = new Hdf5Format();

  @Override
  public boolean recognises(Zip zip) {
    return zip.content().named(".keras")
        || (has(zip, CONFIG) && has(zip, "metadata.json") && weights(zip).isPresent());
  }

  private static boolean has(Zip zip, String name) {
    return entry(zip, name).isPresent();
  }

  private static Optional<Entry> entry(Zip zip, String name) {
    return zip.directory().entries().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst();
  }

  private static Optional<Entry> weights(Zip zip) {
    return entry(zip, "model.weights.h5")
        .or(() -> entry(zip, "model.weights.npz"))
        .or(() -> entry(zip, "model.weights.json"));
  }

  @Override
  public void look(Zip zip, Findings into) throws IOException {
    into.format("keras", false);
    for (String name : List.of(CONFIG, "metadata.json")) {
      if (!has(zip, name)) {
        into.verdict(Verdict.REJECT_INCOMPLETE, "The Keras file has no " + name);
      }
    }
    if (weights(zip).isEmpty()) {
      into.verdict(Verdict.REJECT_INCOMPLETE, "The Keras file has no weights");
    }
    Optional<Entry> config = entry(zip, CONFIG);
    if (config.isPresent() && hasLambda(zip, config.get())) {
      into.verdict(Verdict.ACCEPT_FLAG_CODE, "Carries a Keras Lambda layer, which is code");
    }
    for (Entry entry : zip.directory().entries()) {
      Optional<Content> inside =
          entry.name().endsWith(".h5") ? zip.directory().slice(entry) : Optional.empty();
      if (inside.isPresent()) {
        Inspection found = hdf5.structure(inside.get());
        if (found.verdict() != Verdict.ACCEPT) {
          into.verdict(found.verdict(), entry.name() + ": " + found.reasons().getFirst());
        }
      }
    }
  }

  private static boolean hasLambda(Zip zip, Entry config) throws IOException {
    List<Boolean> found = new ArrayList<>();
    zip.directory()
        .open(
            config,
            bytes -> {
              JsonReader json = new JsonReader(bytes);
              look(json, found);
              json.end();
            });
    return !found.isEmpty();
  }

  private static void look(JsonReader json, List<Boolean> found) throws IOException {
    switch (json.peekValue()) {
      case '[' -> json.array(() -> look(json, found));
      case '{' ->
          json.object(key -> {
            if (key.equals("class_name") && json.peekValue() == '"') {
              lambda(json.text(MAX_NAME), found);
            } else {
              look(json, found);
            }
          });
      default -> json.skip();
    }
  }

  private static void lambda(Optional<String> name, List<Boolean> found) {
    if (name.filter(text -> text.equals("Lambda") || text.equals("__lambda__")).isPresent()) {
      found.add(true);
    }
  }
}
