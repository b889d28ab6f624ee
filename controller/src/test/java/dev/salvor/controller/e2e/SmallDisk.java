package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A file system of a few megabytes, for whom it is entered only; it can be made larger.
final class SmallDisk implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path place;
  private final Process holder;

  private SmallDisk(Path place, Process holder) {
    this.place = place;
    this.holder = holder;
  }

  static SmallDisk at(Path place, int megabytes) throws Exception {
    return mounted(place, "size=%dm".formatted(megabytes));
  }

  /// Bytes enough, and few inodes.
  static SmallDisk ofInodes(Path place, int megabytes, int inodes) throws Exception {
    return mounted(place, "size=%dm,nr_inodes=%d".formatted(megabytes, inodes));
  }

  private static SmallDisk mounted(Path place, String options) throws Exception {
    Files.createDirectories(place);
    String script = "mount -t tmpfs -o %s tmpfs '%s' && exec sleep 3600".formatted(options, place);
    Process holder =
        new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script)
            .redirectErrorStream(true)
            .start();
    Until.holds("the small disk is there", PATIENCE, () -> ready(holder, place));
    return new SmallDisk(place, holder);
  }

  private static boolean ready(Process holder, Path place) throws IOException {
    assertThat(holder.isAlive()).as("the holder of the mount").isTrue();
    return Files.readString(Path.of("/proc", Long.toString(holder.pid()), "cmdline"))
            .startsWith("sleep")
        && Files.exists(inside(holder, place));
  }

  /// Words before a command that let it see this disk.
  List<String> entered() {
    return List.of(
        "nsenter",
        "--target",
        Long.toString(holder.pid()),
        "--user",
        "--mount",
        "--preserve-credentials");
  }

  /// The place as those see it who have entered.
  Path inside() {
    return inside(holder, place);
  }

  void enlarge(int megabytes) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(entered());
    command.addAll(List.of("mount", "-o", "remount,size=" + megabytes + "m", place.toString()));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private static Path inside(Process holder, Path place) {
    Path root = Path.of("/proc", Long.toString(holder.pid()), "root");
    return root.resolve(place.toString().substring(1));
  }

  /// It is gone once nobody who has entered is left either.
  void leave() {
    holder.destroyForcibly();
    Process _ = holder.onExit().join();
  }

  @Override
  public void close() {
    leave();
  }
}
