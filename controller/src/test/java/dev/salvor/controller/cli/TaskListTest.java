package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskListTest {
  @TempDir Path temp;

  @Test
  void blank_lines_and_comments_are_none_and_the_rest_is_verbatim() {
    List<String> lines = List.of("# one", "", "  ", "  # two", "echo 'a  b' # c", "  ls  ");
    assertThat(TaskList.of(lines).tasks()).containsExactly("echo 'a  b' # c", "  ls  ");
  }

  @Test
  void a_runner_goes_before_each_task_that_follows_it_until_it_is_taken_back() {
    List<String> lines = List.of("a", "runner: ./run-direct", "b --x", " c", "runner:", "d");
    assertThat(TaskList.of(lines).tasks())
        .containsExactly("a", "./run-direct b --x", "./run-direct c", "d");
  }

  @Test
  void each_word_is_a_task_unless_a_later_one_is_an_option() {
    assertThat(TaskList.ofWords(List.of("echo hi", "nvidia-smi || true")).tasks())
        .containsExactly("echo hi", "nvidia-smi || true");
    assertThat(TaskList.ofWords(List.of("speak", "--text", "it's me", "-v")).tasks())
        .containsExactly("speak --text 'it'\\''s me' -v");
  }

  @Test
  void a_file_without_a_task_or_that_is_none_is_refused() throws Exception {
    Path empty = Files.writeString(temp.resolve("empty"), "# nothing\n\n");
    assertThatThrownBy(() -> TaskList.read(empty)).hasMessageContaining("has no task");
    assertThatThrownBy(() -> TaskList.read(temp.resolve("none"))).hasMessageContaining("none");
    Path binary = Files.write(temp.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> TaskList.read(binary)).hasMessageContaining("not UTF-8");
  }
}
