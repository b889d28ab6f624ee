package dev.salvor.common.format.zip;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleNotes;
import dev.salvor.common.format.pickle.PickleValue;
import dev.salvor.common.format.pickle.PickleWalk;
import dev.salvor.common.format.zip.ZipDirectory.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;

/// Every pickle among a zip's entries, walked before anything else is asked: a broken zip that
/// imports a shell is unsafe first and broken second.
public final class ZipPickles {
  private static final int PROTO = 0x80;
  private static final int NEWEST_PROTOCOL = 5;

  /// Entries whose first bytes are looked at; storages are not among them, and the rest are few.
  private static final int MAX_HEADS = 10_000;

  /// One pickle: what was learnt of it, and what it would become where it came to its end.
  public record Walked(PickleNotes notes, Optional<PickleValue> value) {}

  private final Map<String, Walked> walked = new HashMap<>();
  private final PickleNotes others = new PickleNotes();
  private int heads;

  public Optional<Walked> get(String entry) {
    return Optional.ofNullable(walked.get(entry));
  }

  /// What a layout learnt of pickles that are inside something else.
  public void add(PickleNotes notes) {
    others.absorb(notes);
  }

  PickleNotes together() {
    PickleNotes all = new PickleNotes();
    all.absorb(others);
    walked.values().forEach(one -> all.absorb(one.notes()));
    return all;
  }

  void walk(ZipDirectory zip, List<String> damage) throws IOException {
    for (Entry entry : zip.entries()) {
      try {
        if (isPickle(zip, entry)) {
          walk(zip, entry, damage);
        }
      } catch (DamagedException | EOFException | ZipException e) {
        damage.add(entry.name() + ": " + e.getMessage());
      }
    }
  }

  /// By name, or by its first bytes under any name but a storage's: those are numbers, and some
  /// begin like a pickle.
  private boolean isPickle(ZipDirectory zip, Entry entry) throws IOException {
    if (entry.name().endsWith(".pkl") || entry.name().endsWith(".pickle")) {
      return true;
    }
    if (entry.name().contains("data/") || entry.isDirectory() || heads++ > MAX_HEADS) {
      return false;
    }
    byte[] head = zip.head(entry, 2);
    return head.length == 2
        && (head[0] & 0xff) == PROTO
        && head[1] >= 2
        && head[1] <= NEWEST_PROTOCOL;
  }

  private void walk(ZipDirectory zip, Entry entry, List<String> damage) throws IOException {
    zip.open(
        entry,
        unpacked -> {
          PickleBytes bytes = new PickleBytes(unpacked);
          PickleWalk walk = new PickleWalk(bytes);
          walked.put(entry.name(), new Walked(walk.notes(), Optional.empty()));
          PickleValue value = walk.pickle();
          walked.put(entry.name(), new Walked(walk.notes(), Optional.of(value)));
          if (bytes.position() != entry.size()) {
            damage.add(entry.name() + " goes on behind its pickle");
          }
        });
  }
}
