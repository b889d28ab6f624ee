package dev.salvor.controller.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the bare-JDK trainer to what Salvor asks of a job.
final class CharLmTest {
  private static final Path SOURCE =
      Path.of("../docs/examples/char-lm/CharLm.java").toAbsolutePath().normalize();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path classes;
  @TempDir Path folder;

  @BeforeAll
  static void compile_once() {
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), SOURCE.toString());
    assertThat(code).isZero();
  }

  private Trainer start(String out, int steps, int every, Object... more) throws IOException {
    List<String> command =
        Stream.of(JAVA, "-cp", classes, "CharLm", "--data", SOURCE.resolveSibling("corpus"))
            .map(Object::toString)
            .toList();
    var words = new ArrayList<Object>(List.of(more));
    words.addAll(List.of("--out", folder.resolve(out), "--steps", steps, "--every", every));
    return Trainer.start(folder, command, words.toArray());
  }

  @Test
  void learns_from_source_and_leaves_whole_checkpoints_and_results() throws Exception {
    List<String> fromSource = List.of(JAVA, SOURCE.toString(), "--keep", "2", "--every", "50");
    try (var trainer =
        Trainer.start(folder, fromSource, "--steps", 150, "--out", "out", "--results", "work")) {
      assertThat(trainer.exit()).as(trainer.output()).isZero();
      assertThat(trainer.output())
          .containsPattern("step \\d+/150 loss \\d\\.\\d{3} lr \\S+ \\d+ chars/s");
    }
    assertThat(names("out")).containsExactly("step-00000100", "step-00000150");
    JsonNode metrics = JSON.readTree(folder.resolve("work/metrics.json").toFile());
    assertThat(metrics.get("steps").asInt()).isEqualTo(150);
    // Untrained it is ln 96 = 4.56.
    assertThat(metrics.get("loss").asDouble()).isBetween(1.0, 3.1);
    assertThat(folder.resolve("work/sample.txt")).isNotEmptyFile();

    Path newest = folder.resolve("out/step-00000150");
    var weights = tensors(newest.resolve("model.safetensors"));
    var moments = tensors(newest.resolve("optimizer.safetensors"));
    assertThat(weights).containsEntry("hidden.weight", List.of(384, 512)).hasSize(5);
    assertThat(moments).hasSize(10);
    weights.forEach(
        (name, shape) -> assertThat(moments).containsEntry("exp_avg_sq." + name, shape));
    JsonNode state = JSON.readTree(newest.resolve("trainer_state.json").toFile());
    assertThat(state.get("global_step").asInt()).isEqualTo(150);
  }

  @Test
  void killed_run_resumes_bit_for_bit_past_a_damaged_checkpoint() throws Exception {
    try (var whole = start("whole", 60, 10)) {
      assertThat(whole.exit()).as(whole.output()).isZero();
    }
    try (var cut = start("cut", 60, 10, "--pace-ms", 40)) {
      cut.awaitOutput("step-00000020");
      cut.kill();
    }
    Path damaged = Files.createDirectories(folder.resolve("cut/step-00000059"));
    Files.writeString(damaged.resolve("trainer_state.json"), "{\"global_step\": 59");
    Path leftover = Files.createDirectories(folder.resolve("cut/.tmp-step-00000058"));
    Files.writeString(leftover.resolve("model.safetensors"), "half");
    try (var resumed = start("cut", 60, 10, "--threads", 2)) {
      assertThat(resumed.exit()).as(resumed.output()).isZero();
      assertThat(resumed.output()).containsPattern("passing over \\S+step-00000059");
      assertThat(resumed.output()).containsPattern("resumed from step [2-5]0\n");
    }
    assertThat(leftover).doesNotExist();
    for (String file :
        List.of("model.safetensors", "optimizer.safetensors", "trainer_state.json")) {
      assertThat(folder.resolve("cut/step-00000060").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole/step-00000060").resolve(file));
    }
  }

  @Test
  void sigterm_saves_the_step_under_way() throws Exception {
    try (var trainer = start("out", 100_000, 100_000, "--pace-ms", 5)) {
      trainer.awaitOutput("step ");
      trainer.terminate();
      assertThat(trainer.exit()).as(trainer.output()).isEqualTo(143);
      assertThat(trainer.output()).containsPattern("stopped at step \\d+");
    }
    String only = names("out").getFirst();
    int step = Integer.parseInt(only.substring("step-".length()));
    assertThat(step).isPositive();
    try (var again = start("out", step, 1)) {
      assertThat(again.exit()).as(again.output()).isZero();
      assertThat(again.output()).contains("resumed from step " + step + "\n");
    }
  }

  @Test
  void never_begins_anew_over_checkpoints_it_cannot_read() throws Exception {
    Path damaged = Files.createDirectories(folder.resolve("out/step-00000010"));
    Files.writeString(damaged.resolve("model.safetensors"), "half");
    try (var trainer = start("out", 20, 10)) {
      assertThat(trainer.exit()).isEqualTo(2);
      assertThat(trainer.output()).contains("can be read. To begin anew, move them away");
    }
    assertThat(names("out")).containsExactly("step-00000010");
  }

  @Test
  void without_text_it_says_what_to_do() throws Exception {
    try (var trainer =
        Trainer.start(
            folder, List.of(JAVA, "-cp", classes.toString(), "CharLm", "--data", "nowhere"))) {
      assertThat(trainer.exit()).isEqualTo(2);
      assertThat(trainer.output()).contains("found 0 characters", "--data FILE|DIR");
    }
  }

  private List<String> names(String out) throws IOException {
    try (Stream<Path> found = Files.list(folder.resolve(out))) {
      return found.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /// Names and shapes, after checking that the tensors cover the file with no gap, overlap or
  /// remainder.
  private static Map<String, List<Integer>> tensors(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = Math.toIntExact(bytes.getLong());
    JsonNode header = JSON.readTree(bytes.array(), Long.BYTES, length);
    var ends = new TreeMap<Long, Long>();
    var shapes = new TreeMap<String, List<Integer>>();
    for (var entry : header.properties()) {
      if (entry.getKey().equals("__metadata__")) {
        entry.getValue().forEach(value -> assertThat(value.isTextual()).isTrue());
        continue;
      }
      JsonNode tensor = entry.getValue();
      assertThat(tensor.get("dtype").asText()).isEqualTo("F32");
      List<Integer> shape = tensor.get("shape").valueStream().map(JsonNode::asInt).toList();
      long begin = tensor.get("data_offsets").get(0).asLong();
      long end = tensor.get("data_offsets").get(1).asLong();
      assertThat(end - begin).isEqualTo(4L * shape.stream().reduce(1, Math::multiplyExact));
      ends.put(begin, end);
      shapes.put(entry.getKey(), shape);
    }
    long at = 0;
    for (var extent : ends.entrySet()) {
      assertThat(extent.getKey()).isEqualTo(at);
      at = extent.getValue();
    }
    assertThat(Long.BYTES + length + at).isEqualTo(bytes.capacity());
    return shapes;
  }
}
