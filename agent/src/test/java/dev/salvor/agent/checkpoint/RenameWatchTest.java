package dev.salvor.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RenameWatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private static boolean stirsWithin(RenameWatch watch, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline) {
      if (watch.stirred()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  @Test
  void a_directory_stirs_when_it_is_first_watched_and_when_something_comes_into_it()
      throws IOException {
    try (RenameWatch watch = new RenameWatch()) {
      watch.watch(directory);
      assertThat(watch.stirred()).isTrue();
      assertThat(watch.stirred()).isFalse();
      watch.watch(directory);
      assertThat(watch.stirred()).isFalse();
      Files.writeString(directory.resolve("model.pt"), "weights");
      assertThat(stirsWithin(watch, PATIENCE)).isTrue();
    }
  }

  @Test
  void where_not_every_directory_can_be_watched_anything_may_have_changed() throws IOException {
    try (RenameWatch watch = new RenameWatch(1)) {
      watch.watch(directory);
      assertThat(watch.stirred()).isTrue();
      assertThat(watch.stirred()).isFalse();
      watch.watch(Files.createDirectory(directory.resolve("one-too-many")));
      assertThat(watch.stirred()).isTrue();
      assertThat(watch.stirred()).isTrue();
    }
  }

  @Test
  void a_directory_that_went_is_watched_no_more() throws IOException {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    try (RenameWatch watch = new RenameWatch()) {
      watch.watch(gone);
      assertThat(watch.watches(gone)).isTrue();
      assertThat(watch.stirred()).isTrue();
      Files.delete(gone);
      assertThat(stirsWithin(watch, PATIENCE)).isTrue();
      assertThat(watch.watches(gone)).isFalse();
    }
  }
}
