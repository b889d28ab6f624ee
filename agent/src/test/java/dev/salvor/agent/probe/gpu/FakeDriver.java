package dev.salvor.agent.probe.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Driver libraries of our own, compiled where there is a compiler.
public final class FakeDriver {
  private FakeDriver() {}

  /// Compiles one.
  ///
  /// @param source name of a resource beside this class
  /// @param flags the compiler's, "-DCOUNT=3"
  public static Path make(Path directory, String source, String library, String... flags)
      throws IOException, InterruptedException {
    boolean possible = Files.isExecutable(Path.of("/usr/bin/gcc"));
    if (!possible && "all".equals(System.getenv("SALVOR_REQUIRE"))) {
      throw new AssertionError("SALVOR_REQUIRE=all, and no gcc to make a driver library with");
    }
    if (!possible) {
      System.err.println("SKIPPED: no gcc, so no driver library can be made");
    }
    assumeTrue(possible, "no gcc: the driver library cannot be made");
    Path code = directory.resolve(source);
    try (InputStream in =
        Objects.requireNonNull(FakeDriver.class.getResourceAsStream(source), source)) {
      Files.write(code, in.readAllBytes());
    }
    Path made = directory.resolve(library);
    List<String> command = new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-w"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-o", made.toString(), code.toString()));
    Process gcc = new ProcessBuilder(command).inheritIO().start();
    assertThat(gcc.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(gcc.exitValue()).isZero();
    return made;
  }
}
