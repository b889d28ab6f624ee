package dev.salvor.controller.sandbox.box;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What every box is made with: the scripts, the JDK, the bundle, and the name of the market for
/// its marker.
record Kit(Path scripts, Path jdk, Optional<Path> bundle, String market) {
  private static final List<String> SCRIPTS =
      List.of("new-root.sh", "box.sh", "launch.sh", "plain-box.sh", "rsync.sh", "disk.sh");

  /// Writes the scripts anew, so that a newer sandbox never runs an older one's.
  void install() throws IOException {
    Files.createDirectories(scripts);
    for (String name : SCRIPTS) {
      try (InputStream in = Kit.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IOException("the jar lacks " + name);
        }
        Files.write(scripts.resolve(name), in.readAllBytes());
      }
    }
  }

  /// As the scripts take it: empty for none.
  String handed() {
    return bundle.map(Path::toString).orElse("");
  }

  String script(String name) {
    return scripts.resolve(name).toString();
  }

  /// The environment entry by which a box's processes are found when their number is not known.
  String marker(long id) {
    return "SALVOR_BOX=" + market + "." + id;
  }
}
