package dev.salvor.controller.launch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.LogPolicy;
import dev.salvor.controller.core.LogPolicy.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSectionTest {
  @TempDir Path dir;

  @Test
  void what_lines_mean_is_read_in_order() {
    RunFile.Reading reading =
        read(
            """
            image: a
            job: true
            listens: SIGUSR1
            on_log:
              - match: 'NCCL error|CUDA error: device-side assert'
                do: restart
              - {match: 'loss=nan', do: stop, times: 1}
              - {match: 'about to be preempted', do: checkpoint, times: 100}
            """);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.spec().orElseThrow().job().care().onLog())
        .containsExactly(
            new LogPolicy("NCCL error|CUDA error: device-side assert", Answer.RESTART, 3),
            new LogPolicy("loss=nan", Answer.STOP, 1),
            new LogPolicy("about to be preempted", Answer.CHECKPOINT, 100));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "on_log: boom                             | keys of its own: match, do, times",
        "on_log: [{do: restart}]                  | takes match",
        "on_log: [{match: a}]                     | takes do: one of restart",
        "on_log: [{match: a, do: restarts}]       | did you mean",
        "on_log: [{match: a, do: checkpoint}]     | give listens, too",
        "on_log: [{match: a, do: stop, times: 0}] | from 1 to 100",
        "on_log: [{match: '[', do: stop}]         | missing closing ]",
        "on_log: [{match: '(a{9}){9}', do: stop}] | a group cannot be counted",
        "on_log: [{match: '(?=a)', do: stop}]     | look-around",
        "on_log: [{match: a, do: stop, on: b}]    | unknown key \"on\"",
      })
  void one_mistake_is_one_problem_with_its_line(String line, String why) {
    List<String> problems = read("image: a\njob: true\n" + line + "\n").problems();
    assertThat(problems).anySatisfy(p -> assertThat(p).startsWith("run.yaml:3: ").contains(why));
  }

  @Test
  void patterns_are_few_and_short_in_all() {
    String one = "  - {match: 'a{900}', do: notify}\n";
    assertThat(read("image: a\njob: true\non_log:\n" + one.repeat(3)).problems())
        .singleElement()
        .asString()
        .contains("2000 steps in all");
    String small = "  - {match: 'a', do: notify}\n";
    assertThat(read("image: a\njob: true\non_log:\n" + small.repeat(17)).problems())
        .singleElement()
        .asString()
        .contains("16 policies");
  }

  private RunFile.Reading read(String yaml) {
    return RunFile.read(
        new RunFile.Source("run.yaml", yaml, dir, Instant.EPOCH), query -> List.of());
  }
}
