package dev.salvor.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobLogTest {
  @TempDir Path dir;

  @Test
  void reads_step_and_loss_as_trainers_write_them() {
    assertThat(read("step 12/300 loss=1.25")).isEqualTo(progress(12, 300, 1.25));
    assertThat(read("[INFO] Step: 7, Loss: 3e-4")).isEqualTo(progress(7, 0, 3e-4));
    assertThat(read("{'global_step': 9, 'loss': 0.5}").loss()).hasValue(0.5);
    assertThat(read("{'global_step': 9}").step()).isEqualTo(9);
    assertThat(read("step=9").step()).isEqualTo(9);
    assertThat(read("no news")).isEqualTo(new Progress(-1, 0, OptionalDouble.empty(), "no news"));
    assertThat(read("loss=nan").loss()).isEmpty();
    assertThat(read("step 99999999999999999999999").step()).isEqualTo(-1);
  }

  @Test
  void follows_a_growing_file_over_torn_lines_and_carriage_returns() throws IOException {
    JobLog log = log(1 << 20);
    append("hello\nstep 1 lo");
    assertThat(log.follow().step()).isEqualTo(-1);
    append("ss=0.5\rstep 2 loss=0.4\rstep 3");

    assertThat(log.follow().step()).isEqualTo(2);
    assertThat(log.tail()).containsExactly("hello", "step 1 loss=0.5", "step 2 loss=0.4", "step 3");
  }

  @Test
  void keeps_twenty_lines_and_reads_a_flood_from_its_end() throws IOException {
    JobLog log = log(1 << 30);
    StringBuilder flood = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      flood.append("step ").append(i).append('\n');
    }
    append(flood.toString());

    assertThat(log.follow().step()).isEqualTo(49_999);
    assertThat(log.tail()).hasSize(JobLog.TAIL_LINES).last().isEqualTo("step 49999");
  }

  @Test
  void rotates_by_copy_so_that_the_job_writes_on() throws IOException {
    JobLog log = log(100);
    try (var job =
        Files.newOutputStream(file(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      job.write(
          "x".repeat(150).concat("\nstep 1\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(log.follow().step()).isEqualTo(1);
      assertThat(Files.size(file())).isZero();
      job.write("step 2\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    assertThat(log.follow().step()).isEqualTo(2);
    assertThat(Files.readString(file())).isEqualTo("step 2\n");
    assertThat(Files.readString(dir.resolve("log.1"))).endsWith("step 1\n");
  }

  private static Progress read(String line) {
    return JobLog.progress(Progress.NONE, line);
  }

  private static Progress progress(long step, long total, double loss) {
    String line = total > 0 ? "step 12/300 loss=1.25" : "[INFO] Step: 7, Loss: 3e-4";
    return new Progress(step, total, OptionalDouble.of(loss), line);
  }

  private JobLog log(long rotateBytes) {
    return new JobLog(file(), rotateBytes);
  }

  private Path file() {
    return dir.resolve("log");
  }

  private void append(String text) throws IOException {
    Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
