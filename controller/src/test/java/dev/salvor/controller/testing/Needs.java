package dev.salvor.controller.testing;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/// Says what a test needs of the machine: without it the test is skipped, or fails where everything
/// is required.
public final class Needs {
  private Needs() {}

  public static void tool(String name) {
    boolean found =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    that(found, "'" + name + "' is not on the PATH");
  }

  public static void that(boolean met, String otherwise) {
    if (met) {
      return;
    }
    if ("all".equals(System.getenv("SALVOR_REQUIRE"))) {
      fail("SALVOR_REQUIRE=all, and " + otherwise);
    }
    System.err.println("SKIPPED: " + otherwise);
    Assumptions.abort(otherwise);
  }
}
