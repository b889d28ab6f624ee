package dev.salvor.common.telemetry.captured;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathReaderTest {
  @TempDir Path temp;

  private Path write(String name, String text) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(temp.resolve(name).getParent());
    return Files.writeString(file, text);
  }

  private Capture all() {
    return PathReader.read(temp, Optional.empty());
  }

  @Test
  void version_one_has_a_directory_a_controller_and_is_one_container() throws IOException {
    write("memory/memory.usage_in_bytes", "1048576\n");
    write("memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
    write("cpu,cpuacct/cpu.cfs_quota_us", "250000\n");
    write("cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    Capture capture = all();
    assertThat(capture.kind()).isEqualTo(Kind.HOST_CGROUP);
    assertThat(capture.verdict()).isEqualTo(Verdict.PARSE_OK);
    assertThat(capture.readings())
        .contains(
            new Reading.Amount("memory", "used", 1048576, "bytes"),
            new Reading.Absent("memory", "limit", "none is set"),
            new Reading.Amount("cpu", "quota", 2.5, "cores"));
    write("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    assertThat(all().verdict()).isEqualTo(Verdict.OOM_KILLED);
  }

  @ParameterizedTest
  @CsvSource({
    "memory.events, 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n', OK",
    "memory.events.local, 'low 0\nhigh 0\nmax 9\noom 2\noom_kill 2\n', OOM_KILLED",
    "anything, 'low 0\r\nhigh 0\r\nmax 9\r\noom 2\r\noom_kill 2\r\n', OOM_KILLED",
    "memory.oom_control, 'oom_kill_disable 0\nunder_oom 0\n', OK",
    "memory.oom_control, 'oom_kill_disable 1\nunder_oom 1\noom_kill 0\n', OOM_KILL_DISABLED",
    "memory.max, 'max\n', PARSE_OK",
    "memory.max, '103079215104', PARSE_OK",
    "memory.max, '99999999999999999999999', PARSE_ERROR",
    "memory.limit_in_bytes, '9223372036854771712', PARSE_OK",
    "cpu.max, 'max 100000', PARSE_OK",
    "cpu.max, '4800000 100000', PARSE_OK",
    "memory.pressure, 'some avg10=0.00 avg60=0.00 avg300=0.00 total=25', PARSE_OK",
    "memory.events, 'low 0\nhigh 0\nmax', PARSE_ERROR",
    "memory.current, 'cat: Permission denied', PARSE_ERROR"
  })
  void a_single_file_is_told_by_its_keys_or_its_name(String name, String text, Verdict verdict)
      throws IOException {
    Capture capture = PathReader.read(write(name, text), Optional.empty());
    assertThat(capture.verdict()).isEqualTo(verdict);
    assertThat(PathReader.read(temp.resolve(name), Optional.of(Kind.HOST_CGROUP)).verdict())
        .isEqualTo(verdict);
  }

  @Test
  void the_worst_of_a_directory_counts_and_notes_do_not() throws IOException {
    write("a/smi.txt", "index, memory.used [MiB]\n0, 17 MiB\n");
    write("a/smi.cmd", "$ nvidia-smi --query-gpu=index,memory.used --format=csv\n");
    write("README", "what I saw on the box that morning\n");
    assertThat(all().verdict()).isEqualTo(Verdict.PARSE_OK);
    write("b/dmesg", "NVRM: Xid (PCI:0000:05:00): 79, GPU has fallen off the bus.\n");
    Capture capture = all();
    assertThat(capture.verdict()).isEqualTo(Verdict.GPU_UNUSABLE);
    assertThat(capture.kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(capture.conclusion()).startsWith("2 captures; b/dmesg: Xid 79");
  }

  @Test
  void links_are_not_followed_and_what_is_no_file_is_passed_over() throws IOException {
    write("a/smi.txt", "index, memory.used [MiB]\n0, 17 MiB\n");
    Files.createSymbolicLink(temp.resolve("loop"), temp);
    assertThat(all().verdict()).isEqualTo(Verdict.PARSE_OK);
    assertThat(all().kind()).isEqualTo(Kind.GPU_SMI_CSV);
  }

  @Test
  void nothing_to_read_is_a_verdict() {
    assertThat(all().verdict()).isEqualTo(Verdict.PARSE_ERROR);
    assertThat(PathReader.read(temp.resolve("no"), Optional.empty()).verdict())
        .isEqualTo(Verdict.PARSE_ERROR);
    assertThat(PathReader.read(Path.of("/dev/zero"), Optional.empty()).verdict())
        .isEqualTo(Verdict.PARSE_ERROR);
  }
}
