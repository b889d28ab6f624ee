package dev.salvor.agent.probe;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A program run for what it prints: bounded in time and in output, and gone afterwards with all
/// that it started.
public final class Child {
  /// More than nvidia-smi says of sixteen cards; the rest is read and dropped.
  private static final int MOST_BYTES = 2 * 1024 * 1024;

  private static final int EXIT_KILLED = 137;

  private Child() {}

  /// How it went.
  ///
  /// @param exit 137 where its time was up
  /// @param output both streams, as they came
  public record Ended(int exit, boolean late, String output) {}

  /// Throws where it cannot be started at all.
  ///
  /// @param env all that it gets
  public static Ended run(List<String> command, Duration timeout, Map<String, String> env)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().clear();
    builder.environment().putAll(env);
    Process child = builder.start();
    AtomicReference<String> output = new AtomicReference<>("");
    // It may print more than a pipe holds, and it may never close it.
    Thread reader =
        Thread.ofPlatform().name("child-output").daemon(true).start(() -> output.set(read(child)));
    try {
      boolean ended = child.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        kill(child);
      }
      reader.join(TimeUnit.SECONDS.toMillis(1));
      return new Ended(ended ? child.exitValue() : EXIT_KILLED, !ended, output.get());
    } finally {
      kill(child);
    }
  }

  /// One that hangs in the kernel stays as it is: nothing can end it.
  private static void kill(Process child) {
    child.descendants().forEach(ProcessHandle::destroyForcibly);
    child.destroyForcibly();
  }

  private static String read(Process child) {
    try (InputStream in = child.getInputStream()) {
      String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      in.transferTo(OutputStream.nullOutputStream());
      return text;
    } catch (IOException e) {
      return "";
    }
  }
}
