package dev.salvor.controller.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A GPU library of our own with eight cards, so that a box's costliest probe runs as often as on a
/// rented one.
final class FakeDriver {
  private static final String SOURCE =
      "agent/src/test/resources/dev/salvor/agent/probe/gpu/fakenvml.c";
  private static final int PATIENCE_S = 60;

  private FakeDriver() {}

  /// The directory that it lies in; empty, and told, where there is no compiler.
  static Optional<Path> make(Lab lab) throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of("/usr/bin/gcc"))) {
      lab.told()
          .accept("no gcc here: these boxes have no GPU, and their agent looks for one seldom");
      return Optional.empty();
    }
    Path directory = Files.createDirectories(lab.place().resolve("driver"));
    Process gcc =
        new ProcessBuilder(
                List.of(
                    "gcc",
                    "-shared",
                    "-fPIC",
                    "-w",
                    "-DCOUNT=8",
                    "-o",
                    directory.resolve("libnvidia-ml.so.1").toString(),
                    lab.installation().resolve(SOURCE).toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = gcc.waitFor(PATIENCE_S, TimeUnit.SECONDS);
    gcc.destroyForcibly();
    if (!ended || gcc.exitValue() != 0) {
      throw new IOException("gcc cannot make " + SOURCE);
    }
    lab.told().accept("with a GPU library of our own, of eight cards");
    return Optional.of(directory);
  }
}
