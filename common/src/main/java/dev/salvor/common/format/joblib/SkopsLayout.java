package dev.salvor.common.format.joblib;

import dev.salvor.common.format.JsonReader;
import dev.salvor.common.format.pickle.PickleNotes;
import dev.salvor.common.format.zip.ZipDirectory.Entry;
import dev.salvor.common.format.zip.ZipLayout;
import java.io.IOException;
import java.util.Optional;

/// A skops file: a tree of Python objects in JSON, which names what loading would import, and
/// arrays beside it.
public final class SkopsLayout implements ZipLayout {
  private static final String SCHEMA = "schema.json";
  private static final int MAX_NAME = 1024;

  @Override
  public boolean recognises(Zip zip) {
    return schema(zip).isPresent();
  }

  private static Optional<Entry> schema(Zip zip) {
    return zip.directory().entries().stream()
        .filter(entry -> entry.name().equals(SCHEMA))
        .findFirst();
  }

  @Override
  public void look(Zip zip, Findings into) throws IOException {
    into.format("skops", false);
    PickleNotes notes = new PickleNotes();
    zip.directory()
        .open(
            schema(zip).orElseThrow(),
            bytes -> {
              JsonReader json = new JsonReader(bytes);
              look(json, notes);
              json.end();
            });
    zip.pickles().add(notes);
  }

  private static void look(JsonReader json, PickleNotes notes) throws IOException {
    switch (json.peekValue()) {
      case '[' -> json.array(() -> look(json, notes));
      case '{' -> node(json, notes);
      default -> json.skip();
    }
  }

  private static void node(JsonReader json, PickleNotes notes) throws IOException {
    String[] name = {"", ""};
    json.object(key -> {
      boolean text = json.peekValue() == '"';
      if (text && key.equals("__module__")) {
        name[0] = json.string(MAX_NAME);
      } else if (text && key.equals("__class__")) {
        name[1] = json.string(MAX_NAME);
      } else {
        look(json, notes);
      }
    });
    if (!name[0].isEmpty() && !name[1].isEmpty()) {
      notes.imported(name[0] + "." + name[1]);
    }
  }
}
