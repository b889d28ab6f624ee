package dev.salvor.common.inspect;

import dev.salvor.common.format.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Orbax (JAX): items in directories, named by _CHECKPOINT_METADATA, and trees of arrays in OCDBT.
/// What may be lost and what not is what its own loading tests say (google/orbax,
/// _src/path/format_utils.py).
final class OrbaxLayout implements Layout {
  private static final String METADATA = "_CHECKPOINT_METADATA";
  private static final String MARKER = "orbax.checkpoint";
  private static final String TREE_METADATA = "_METADATA";
  private static final String MANIFEST = "manifest.ocdbt";
  private static final String TEMPORARY = ".orbax-checkpoint-tmp";
  private static final Pattern PROCESS = Pattern.compile("ocdbt\\.process_[0-9]+");
  private static final Pattern OF_PROCESS =
      Pattern.compile("ocdbt\\.process_[0-9]+|d|array_metadatas");

  /// Handlers whose items are directories that loading needs; others keep notes elsewhere.
  private static final Pattern TREE_HANDLER =
      Pattern.compile("(?i).*(pytree|standard|array|json)\\w*handler");

  private static final int MAX_NAME = 1024;

  @Override
  public String name() {
    return "orbax";
  }

  @Override
  public boolean recognises(Folder folder) {
    return folder.has(METADATA)
        || folder.has(MARKER)
        || folder.name().contains(TEMPORARY)
        || (isTree(folder) && !OF_PROCESS.matcher(folder.name()).matches());
  }

  private static boolean isTree(Folder folder) {
    return folder.has(MANIFEST) || folder.hasFolder(PROCESS);
  }

  @Override
  public void judge(Folder folder, Finding into) throws IOException {
    if (folder.name().contains(TEMPORARY) && !folder.has("commit_success.txt")) {
      into.incomplete(folder.name() + " was not renamed: its writer did not finish");
    }
    if (folder.has(MARKER) && !folder.has(METADATA)) {
      into.incomplete("The directory has " + MARKER + " and no " + METADATA);
    }
    if (folder.has(METADATA)) {
      items(folder, into);
    }
    if (isTree(folder)) {
      tree(folder, into);
    }
  }

  /// Of a directory that is one tree, item_handlers is one name and no object.
  private static void items(Folder folder, Finding into) throws IOException {
    Optional<Map<String, String>> handlers =
        folder.read(
            METADATA, content -> handlers(new JsonReader(content.stream(0, content.size()))));
    if (handlers.isEmpty()) {
      return;
    }
    List<String> missing = new ArrayList<>();
    handlers
        .get()
        .forEach((item, handler) -> {
          if (TREE_HANDLER.matcher(handler).matches() && !folder.folders().contains(item)) {
            missing.add(item);
          }
        });
    missing.forEach(item -> into.incomplete("The item " + item + " is missing"));
  }

  private static Map<String, String> handlers(JsonReader json) throws IOException {
    Map<String, String> handlers = new TreeMap<>();
    json.object(key -> {
      if (key.equals("item_handlers") && json.peekValue() == '{') {
        json.object(item -> json.text(MAX_NAME).ifPresent(handler -> handlers.put(item, handler)));
      } else {
        json.skip();
      }
    });
    return handlers;
  }

  private static void tree(Folder folder, Finding into) throws IOException {
    if (!folder.has(MANIFEST)) {
      into.incomplete(place(folder) + " has no " + MANIFEST);
    }
    if (folder.size(TREE_METADATA) == 0) {
      into.incomplete(place(folder) + " has no " + TREE_METADATA);
    }
    if (!hasFiles(folder.path().resolve("d"))) {
      into.incomplete(place(folder) + " has no data in d/");
    }
  }

  private static String place(Folder folder) {
    return "The tree " + folder.name();
  }

  private static boolean hasFiles(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(Files::isRegularFile);
    }
  }
}
