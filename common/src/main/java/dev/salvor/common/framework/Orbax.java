package dev.salvor.common.framework;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Orbax's step directory: renamed into place when every item is written; what an item cannot be
/// read without is its _METADATA, manifest and data (orbax _src/path/atomicity.py, step.py).
final class Orbax implements FrameworkRule {
  private static final String TEMPORARY = ".orbax-checkpoint-tmp";
  private static final String CHECKPOINT = "_CHECKPOINT_METADATA";
  private static final String MARKER = "orbax.checkpoint";
  private static final String ITEM = "_METADATA";
  private static final String MANIFEST = "manifest.ocdbt";

  /// What only items of arrays have; others are a file of JSON.
  private static final Pattern ARRAYS =
      Pattern.compile(
          "(.+/)?(_sharding|manifest\\.ocdbt|ocdbt\\.process_[^/]+/.+|d/[^/]+|array_metadatas/.+)");

  private static final Pattern LEGACY = Pattern.compile("[^/]+/(\\.zarray|[0-9]+(\\.[0-9]+)*)");

  @Override
  public String name() {
    return "orbax";
  }

  @Override
  public boolean marks(String directory, Set<String> entries) {
    return entries.contains(CHECKPOINT)
        || entries.contains(MARKER)
        || entries.contains(MANIFEST)
        || entries.contains("ocdbt.process_0")
        || (entries.contains("checkpoint") && directory.matches("[0-9]{1,18}"));
  }

  @Override
  public boolean recognises(Listing files) {
    return files.hasAny(CHECKPOINT, MARKER, MANIFEST)
        || files.name().contains(TEMPORARY)
        || files.files().keySet().stream().anyMatch(path -> path.endsWith("/" + MANIFEST))
        || isLegacy(files);
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong step = Names.step(files.name());
    if (files.name().contains(TEMPORARY)) {
      return Finding.incomplete(step, "it still has its writer's temporary name");
    }
    if (isLegacy(files)) {
      return Finding.committed(step);
    }
    if (files.has(MARKER) && !files.has(CHECKPOINT)) {
      return Finding.incomplete(step, CHECKPOINT + " is missing");
    }
    Optional<String> missing = missing(files);
    return missing
        .map(why -> Finding.incomplete(step, why))
        .orElseGet(() -> Finding.committed(step));
  }

  private static Optional<String> missing(Listing files) throws IOException {
    Set<String> items = new TreeSet<>();
    for (String path : files.matching(ARRAYS)) {
      items.add(item(path));
    }
    for (String item : items) {
      for (String part : new String[] {ITEM, MANIFEST}) {
        if (!files.has(item + part)) {
          return Optional.of(item + part + " is missing");
        }
      }
      if (!files.hasBelow(item + "d")) {
        return Optional.of(item + "d is missing");
      }
    }
    return handled(files, items);
  }

  /// An item that the checkpoint's own record names and that wrote arrays has a directory.
  private static Optional<String> handled(Listing files, Set<String> items) throws IOException {
    if (!files.has(CHECKPOINT)) {
      return Optional.empty();
    }
    Optional<Set<String>> named = Records.keysUnder(files.file(CHECKPOINT), "item_handlers");
    if (named.isEmpty()) {
      return Optional.of(CHECKPOINT + " does not parse");
    }
    boolean state = named.get().contains("state");
    return state && !items.contains("state/") && !files.hasBelow("state")
        ? Optional.of("the item 'state' is missing")
        : Optional.empty();
  }

  /// "state/" of "state/d/1a2b", "" of a direct one.
  private static String item(String path) {
    return path.replaceFirst(
        "(_sharding|manifest\\.ocdbt|ocdbt\\.process_[^/]+/.+|d/[^/]+|array_metadatas/.+)$", "");
  }

  /// Flax's one file of structure beside arrays of chunks, as T5X writes them.
  private static boolean isLegacy(Listing files) {
    return files.has("checkpoint")
        && files.name().matches("(checkpoint_)?[0-9]{1,18}")
        && files.hasMatch(LEGACY);
  }
}
