package dev.salvor.controller.launch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.RunSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The examples that ship say what their comments promise.
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../docs/examples");

  @Test
  void a_batch_is_arguments_and_is_stopped_at_its_end() throws Exception {
    RunSpec spec = read("batch-args.yaml");
    assertThat(spec.box().runtype()).isEqualTo("args");
    assertThat(spec.finish().after()).isEqualTo(RunSpec.After.STOP);
    assertThat(Sh.split(spec.job().command()))
        .contains(
            List.of(
                "bash",
                "-c",
                "cd / && rm -rf /workspace/project && git clone --quiet --branch main"
                    + " \"$PROJECT_REPO\" /workspace/project && bash"
                    + " /workspace/project/scripts/remote_runner.sh \"a task with \\\"nested\\\""
                    + " quotes\""));
  }

  @Test
  void a_training_has_its_code_and_data_before_its_job() throws Exception {
    RunSpec spec = read("train-onstart.yaml");
    assertThat(spec.job().workdir()).isEqualTo("/app");
    assertThat(spec.job().care().envFirst()).hasSize(5);
    assertThat(spec.job().care().envFirst().getFirst()).startsWith("# code: a clean clone");
    assertThat(spec.job().care().envResume()).hasSize(3);
    assertThat(spec.box().packages()).containsExactly("git", "curl");
  }

  private static RunSpec read(String name) throws Exception {
    String text = Files.readString(EXAMPLES.resolve(name));
    RunFile.Reading reading =
        RunFile.read(
            new RunFile.Source(name, text, EXAMPLES, Instant.parse("2026-11-21T10:00:00Z")),
            query -> List.of());
    assertThat(reading.problems()).isEmpty();
    return reading.spec().orElseThrow();
  }
}
