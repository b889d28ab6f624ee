package dev.salvor.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScratchTest {
  @TempDir Path dir;

  @Test
  void only_what_matches_below_the_roots_goes() throws IOException {
    file("work/cache/a/b.bin");
    file("work/keep/b.bin");
    file("work/notes.tmp");
    file("elsewhere/cache/b.bin");

    Scratch.Pruned pruned = prune("cache/**", "*.tmp", "../elsewhere/**", "/elsewhere/**");

    assertThat(pruned).isEqualTo(new Scratch.Pruned(2, 20));
    assertThat(dir.resolve("work/keep/b.bin")).exists();
    assertThat(dir.resolve("elsewhere/cache/b.bin")).exists();
  }

  @Test
  void checkpoints_stay_whatever_the_globs_say() throws IOException {
    file("work/ckpt/step-100.safetensors");
    file("work/ckpt/checkpoint-5/model.safetensors");
    file("work/ckpt/checkpoint-5/notes.txt");
    file("work/ckpt/checkpoint-6/model.safetensors.tmp");
    file("work/.salvor/pins/x/model.safetensors");
    file("work/junk.log");

    assertThat(prune("**").files()).isEqualTo(1);

    assertThat(dir.resolve("work/junk.log")).doesNotExist();
    assertThat(dir.resolve("work/ckpt/checkpoint-5/notes.txt")).exists();
    assertThat(dir.resolve("work/ckpt/checkpoint-6/model.safetensors.tmp")).exists();
    assertThat(dir.resolve("work/.salvor/pins/x/model.safetensors")).exists();
  }

  @Test
  void no_link_is_followed() throws IOException {
    file("elsewhere/precious");
    Files.createDirectories(dir.resolve("work"));
    Files.createSymbolicLink(dir.resolve("work/cache"), dir.resolve("elsewhere"));

    prune("cache/**", "cache");

    assertThat(dir.resolve("elsewhere/precious")).exists();
  }

  private Scratch.Pruned prune(String... globs) throws IOException {
    JobCare care =
        new JobCare(
            JobWatcher.tasks(List.of(), List.of(), List.of()),
            new JobCare.Listens.Never(),
            Map.of(),
            List.of(globs),
            0);
    JobSpec job =
        new JobSpec("x", "/work", Map.of(), List.of("/work/ckpt"), List.of("/work"), care);
    return Scratch.prune(job, new JobPlace(dir.resolve("home"), dir, 1, Map.of()));
  }

  private void file(String path) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "0123456789");
  }
}
