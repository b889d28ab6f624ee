package dev.salvor.controller.sandbox.box;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Which programs this machine has, and whether it grants namespaces.
public final class Tools {
  /// What a box and its scripts are given, whatever the sandbox itself was started with.
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final long TRIAL_SECONDS = 10;

  private Tools() {}

  public static boolean has(String program) {
    return List.of(PATH.split(":")).stream()
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
  }

  /// Tries what a box needs: a mount inside fresh user, mount and PID namespaces.
  public static boolean grantsNamespaces() {
    if (!has("unshare") || !has("nsenter") || !has("bash")) {
      return false;
    }
    var trial =
        new ProcessBuilder(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "mount",
                "-t",
                "tmpfs",
                "tmpfs",
                "/mnt")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    trial.environment().put("PATH", PATH);
    try {
      Process process = trial.start();
      if (!process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
