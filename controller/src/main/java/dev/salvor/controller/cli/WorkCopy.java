package dev.salvor.controller.cli;

import dev.salvor.common.disk.Trees;
import dev.salvor.controller.view.DoorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Copies /work of a box as it is, by rsync over its ssh. Regular files and directories only: a
/// box's links and devices stay there.
final class WorkCopy {
  private static final String WORK = "/work/";
  private static final int STALL_SECONDS = 60;
  private static final int MAX_NAMES = 1000;

  private WorkCopy() {}

  /// What came.
  record Copied(Path place, long files, long bytes) {}

  /// Beside its place first, then there by one rename; never over what lies there.
  static Copied of(DoorView.Way way, Path wanted) throws Failure {
    Path to = wanted.toAbsolutePath().normalize();
    Path parent = Objects.requireNonNull(to.getParent());
    try {
      Files.createDirectories(parent);
      Path incoming = Files.createTempDirectory(parent, ".incoming-" + to.getFileName() + "-");
      try {
        fetch(way, incoming);
        Path place = free(to);
        Files.move(incoming, place, StandardCopyOption.ATOMIC_MOVE);
        return measured(place);
      } finally {
        Trees.remove(incoming);
      }
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot copy to %s: %s. Make room there, or name another place with --to."
              .formatted(to, e),
          e);
    }
  }

  private static Path free(Path to) throws IOException {
    for (int i = 1; i < MAX_NAMES; i++) {
      Path place = i == 1 ? to : to.resolveSibling(to.getFileName() + "-" + i);
      if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        return place;
      }
    }
    throw new IOException(MAX_NAMES + " directories have that name already");
  }

  private static void fetch(DoorView.Way way, Path into) throws Failure {
    List<String> command = new ArrayList<>(List.of("rsync", "-rt"));
    command.addAll(List.of("--no-links", "--no-devices", "--no-specials"));
    command.addAll(List.of("--chmod=Du+rwx,Fu+rw", "--timeout=" + STALL_SECONDS));
    command.addAll(List.of("-e", shell(way), "--", way.destination() + ":" + WORK, into + "/"));
    int status = Doorway.go(command);
    if (status != 0) {
      throw new Failure(
          Exit.PLATFORM,
          "Cannot copy /work: rsync ended with %d, and nothing was kept. It says why above."
              .formatted(status));
    }
  }

  /// As one word for rsync's -e.
  private static String shell(DoorView.Way way) {
    return String.join(
        " ", way.words().stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList());
  }

  private static Copied measured(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      return new Copied(place, files.size(), bytes);
    }
  }
}
