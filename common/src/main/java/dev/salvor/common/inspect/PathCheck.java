package dev.salvor.common.inspect;

import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Judges whatever somebody points at, a file or a directory, as one checkpoint. Unlike a part of a
/// checkpoint, what is to be one by itself must be of a format that can be told.
public final class PathCheck {
  /// What may lie beside weights, and is no checkpoint alone.
  private static final Set<String> NO_WEIGHTS = Set.of("other", "json");

  /// What says nothing without its directory.
  private static final Set<String> NO_WHOLE = Set.of("other", "dcp-shard");

  private PathCheck() {}

  public static Inspection inspect(Path path) throws IOException {
    Path whole = path.toAbsolutePath().normalize();
    boolean directory = Files.isDirectory(whole);
    Inspection found =
        directory
            ? DirectoryCheck.inspect(whole, String.valueOf(whole.getFileName()))
            : FormatCheck.inspect(whole);
    boolean part =
        directory ? NO_WEIGHTS.contains(found.format()) : NO_WHOLE.contains(found.format());
    return part && found.verdict().accepted()
        ? found.and(Verdict.NOT_A_CHECKPOINT, "Of no format that can be judged by itself")
        : found;
  }
}
