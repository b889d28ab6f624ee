package dev.salvor.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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
  void tells_lines_that_are_sought_once_though_a_new_agent_reads_them_again() throws IOException {
    List<LineSearch.Hit> hits = new ArrayList<>();
    append("NCCL error of an earlier start that ended in the middle of a line");
    JobLog log = log(1 << 20);
    log.seek(List.of("NCCL error", "loss=nan$"), false, hits::add);
    append("step 1 loss=0.5\n[rank0]: NCCL error: unhandled\nstep 2 loss=nan\n");
    log.follow();
    LineSearch.Hit first = new LineSearch.Hit(1, "[rank0]: NCCL error: unhandled");
    LineSearch.Hit second = new LineSearch.Hit(2, "step 2 loss=nan");
    assertThat(hits).containsExactly(first, second);

    append("step 3 loss=nan");
    JobLog later = log(1 << 20);
    later.seek(List.of("NCCL error", "loss=nan$"), true, hits::add);
    later.follow();
    assertThat(hits).hasSize(2);
    later.ended();
    assertThat(hits).hasSize(3).last().isEqualTo(new LineSearch.Hit(2, "step 3 loss=nan"));
    assertThat(later.tail()).last().isEqualTo("step 3 loss=nan");
  }

  @Test
  void a_pattern_that_fits_every_line_is_told_once_a_minute_and_secrets_are_struck_out()
      throws IOException {
    List<LineSearch.Hit> hits = new ArrayList<>();
    JobLog log = log(1 << 20);
    log.strike(List.of(new dev.salvor.common.unit.Secret("hunter2hunter2")));
    log.seek(List.of("step", "[", "hunter2"), false, hits::add);
    append("step 1 with hunter2hunter2\n" + "step 2\n".repeat(1_000));
    log.follow();
    assertThat(hits).hasSize(1);
    assertThat(hits.getFirst().line()).startsWith("step 1 with ").doesNotContain("hunter2");
  }

  @Test
  void what_is_written_after_a_rotation_is_sought_too() throws IOException {
    List<LineSearch.Hit> hits = new ArrayList<>();
    JobLog log = log(100);
    log.seek(List.of("boom"), false, hits::add);
    append("x".repeat(150) + " boom\n");
    log.follow();
    append("boom\n");
    JobLog anew = log(100);
    anew.seek(List.of("boom"), true, hits::add);
    anew.follow();
    assertThat(hits).hasSize(2);
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
