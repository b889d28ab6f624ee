package dev.salvor.agent.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.agent.core.Assignment;
import dev.salvor.agent.core.BootNotes;
import dev.salvor.agent.core.CarryOrder;
import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.GpuFaults;
import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobNotes;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.core.Lease;
import dev.salvor.agent.core.Memory;
import dev.salvor.agent.core.StartFrom;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryFileTest {
  private static final UnitId UNIT = new UnitId(1, 1, 3, Sha256.of(new byte[] {1}));
  private static final JobSpec JOB =
      new JobSpec(
          "cd x\n  python \"train.py\" = : # !\t\u00e9",
          "/work",
          Map.of("A.B", "1=2\n", "EMPTY", ""),
          List.of("/a", "/b"),
          List.of("/r"),
          new JobCare(
              new JobCare.Tasks(List.of("f"), List.of("r"), List.of("a\nb", "c"), List.of("dd")),
              new JobCare.Listens.File("/x"),
              Map.of("TOKEN", new Secret("s3cret")),
              List.of("tmp/**"),
              600,
              new Gate(
                  true,
                  "nvidia-smi -L",
                  Duration.ofSeconds(9),
                  new Gate.Promise(8, "H100 SXM", "12.4", 7, 9)),
              List.of("NCCL \\berror\n", "nan$")));

  @TempDir Path dir;

  @Test
  void every_field_comes_back() throws IOException {
    Memory memory =
        new Memory(
            new Assignment.Given("p 1", JOB, new StartFrom.Unit(UNIT, List.of(UNIT))),
            new BootNotes(2, true, true, false, true, true, 9),
            true,
            true,
            List.of("a", "b c"),
            List.of(new CarryOrder("c 1", UNIT)),
            new Lease(123, 45, 6, false, 7),
            new JobNotes(3, "/work/ckpt", true, List.of("aa")),
            new GpuFaults("550.54.15", Map.of(2, new GpuFaults.Fault(79, 3))));
    file().save(memory);

    assertThat(file().load()).contains(memory);
  }

  @Test
  void fresh_memory_comes_back_and_no_file_is_no_memory() throws IOException {
    assertThat(file().load()).isEmpty();
    file().save(Memory.fresh(1));

    assertThat(file().load()).contains(Memory.fresh(1));
  }

  @Test
  void only_the_owner_may_read_it() throws IOException {
    file().save(Memory.fresh(1));

    Path file = dir.resolve("home/memory");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("home"))))
        .isEqualTo("rwx------");
  }

  @Test
  void another_version_or_a_torn_file_is_refused() throws IOException {
    file().save(Memory.fresh(1));
    Path path = dir.resolve("home/memory");
    Files.writeString(path, "version=2\n");
    assertThatThrownBy(() -> file().load()).hasMessageContaining("version 2");
    Files.writeString(path, "version=1\nboot=1\n");
    assertThatThrownBy(() -> file().load()).hasMessageContaining("it has no");
  }

  private MemoryFile file() {
    return new MemoryFile(new HomeDir(dir.resolve("home")));
  }
}
