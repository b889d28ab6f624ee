package dev.salvor.common.inspect;

import dev.salvor.common.format.weights.MsgpackFormat;
import dev.salvor.common.unit.SafePath;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeSet;

/// Orbax before OCDBT, and T5X: a msgpack tree in "checkpoint" whose large arrays are directories
/// beside it.
final class MsgpackLayout implements Layout {
  private static final String TREE = "checkpoint";
  private static final String PLACEHOLDER = "PLACEHOLDER://";

  @Override
  public String name() {
    return "orbax-msgpack";
  }

  @Override
  public boolean recognises(Folder folder) throws IOException {
    return folder.has(TREE) && folder.read(TREE, MsgpackFormat::isTree).orElse(false);
  }

  @Override
  public void judge(Folder folder, Finding into) throws IOException {
    TreeSet<String> arrays = new TreeSet<>();
    Optional<Boolean> read =
        folder.read(
            TREE,
            content -> {
              MsgpackFormat.walk(
                  content,
                  text -> {
                    if (text.startsWith(PLACEHOLDER)) {
                      arrays.add(text.substring(PLACEHOLDER.length()));
                    }
                  });
              return true;
            });
    if (read.isEmpty()) {
      return;
    }
    for (String array : arrays) {
      boolean there =
          SafePath.isSafe(array) && !array.contains("/") && folder.folders().contains(array);
      String[] chunks = there ? folder.path().resolve(array).toFile().list() : new String[0];
      if (chunks == null || chunks.length == 0) {
        into.incomplete("The array " + array + " has no chunks");
      }
    }
  }
}
