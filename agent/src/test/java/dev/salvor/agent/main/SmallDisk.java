package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A real file system with few bytes or few inodes, for those who enter it, in a user and mount
/// namespace of its own.
final class SmallDisk implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path place;
  private final Process holder;

  private SmallDisk(Path place, Process holder) {
    this.place = place;
    this.holder = holder;
  }

  /// @param options of tmpfs: "size=64m,nr_inodes=400"
  static SmallDisk at(Path place, String options) throws IOException {
    Files.createDirectories(place);
    String script = "mount -t tmpfs -o %s tmpfs '%s' && exec sleep 600".formatted(options, place);
    Process holder =
        new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script)
            .redirectErrorStream(true)
            .start();
    Await.until(
        "the small disk",
        PATIENCE,
        () -> {
          assertThat(holder.isAlive()).as("the holder of the mount").isTrue();
          try {
            return Files.readString(Path.of("/proc", Long.toString(holder.pid()), "cmdline"))
                .startsWith("sleep");
          } catch (IOException e) {
            return false;
          }
        });
    return new SmallDisk(place, holder);
  }

  /// Whether this machine lets one be made.
  static boolean isPossible() {
    try {
      Process process =
          new ProcessBuilder(
                  "unshare",
                  "--user",
                  "--map-root-user",
                  "--mount",
                  "sh",
                  "-c",
                  "mount -t tmpfs tmpfs /tmp && command -v nsenter")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Words before a command that let it see this disk; the process is the command's own.
  List<String> entered() {
    return List.of(
        "nsenter",
        "--target",
        Long.toString(holder.pid()),
        "--user",
        "--mount",
        "--preserve-credentials");
  }

  /// A path on the disk as this process sees it.
  Path inside(String path) {
    Path root = Path.of("/proc", Long.toString(holder.pid()), "root");
    return root.resolve(place.toString().substring(1)).resolve(path);
  }

  Path place() {
    return place;
  }

  @Override
  public void close() {
    holder.destroyForcibly();
    Process _ = holder.onExit().join();
  }
}
