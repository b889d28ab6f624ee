package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SyncLoadTest {
  @TempDir Path project;

  @BeforeEach
  void files() throws Exception {
    write("main.py", 10);
    write(".git/objects/pack", 1_000);
    write("work_remote/old/blob", 1_000);
    write("venv/lib/torch", 5_000);
    write("logs/a.log", 7);
  }

  @Test
  void git_and_what_came_back_stay_and_so_does_the_state_when_it_lies_within() throws Exception {
    SyncLoad load = load(project.resolve("state"));
    assertThat(load.excludes()).containsExactly("/.git", "/work_remote", "/state");
    assertThat(load.bytes()).isEqualTo(10 + 5_000 + 7);
  }

  @Test
  void what_git_ignores_stays_unless_salvor_is_told_otherwise() throws Exception {
    Files.writeString(project.resolve(".gitignore"), "# mine\n\nvenv/\n*.log\n");
    SyncLoad git = load(Path.of("/elsewhere"));
    assertThat(git.excludes()).containsExactly("/.git", "/work_remote", "venv", "*.log");
    assertThat(git.bytes()).isLessThan(5_000);
    Files.writeString(project.resolve(".salvorignore"), "logs\n");
    assertThat(load(Path.of("/elsewhere")).excludes())
        .containsExactly("/.git", "/work_remote", "logs");
  }

  @Test
  void a_file_that_also_takes_back_is_not_followed_half() throws Exception {
    Files.writeString(project.resolve(".gitignore"), "*.log\n!keep.log\n");
    assertThat(load(Path.of("/elsewhere")).excludes()).containsExactly("/.git", "/work_remote");
  }

  private SyncLoad load(Path state) throws Exception {
    return SyncLoad.of(project, state);
  }

  private void write(String path, int bytes) throws Exception {
    Path file = project.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[bytes]);
  }
}
