package dev.salvor.agent.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether some process has a file open for writing, by /proc/*/fd and the flags in fdinfo. Sees
/// the processes of its own user, or all as root: in a box's container that is the job.
final class OpenWriters {
  /// O_WRONLY or O_RDWR.
  private static final int WRITING = 3;

  private final Path proc;

  OpenWriters(Path proc) {
    this.proc = proc;
  }

  boolean anyOf(Collection<Path> files) {
    Set<String> wanted = new HashSet<>();
    for (Path file : files) {
      try {
        wanted.add(file.toRealPath().toString());
      } catch (IOException e) {
        // Gone: nobody can finish it; the look after hashing sees that too.
        wanted.add(file.toString());
      }
    }
    for (Path process : list(proc)) {
      if (Character.isDigit(String.valueOf(process.getFileName()).charAt(0))
          && hasOpen(process, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasOpen(Path process, Set<String> wanted) {
    for (Path descriptor : list(process.resolve("fd"))) {
      try {
        if (wanted.contains(Files.readSymbolicLink(descriptor).toString())
            && isWriting(process, String.valueOf(descriptor.getFileName()))) {
          return true;
        }
      } catch (IOException e) {
        // Closed, or the process ended, between the two looks.
      }
    }
    return false;
  }

  private static boolean isWriting(Path process, String descriptor) throws IOException {
    Path info = process.resolve("fdinfo").resolve(descriptor);
    for (String line : Files.readAllLines(info, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("flags:")) {
        return (Long.parseLong(line.substring("flags:".length()).strip(), 8) & WRITING) != 0;
      }
    }
    return true;
  }

  private static List<Path> list(Path directory) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException e) {
      // Another user's process, or one that just ended.
      return entries;
    }
    return entries;
  }
}
