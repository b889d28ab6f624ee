package dev.salvor.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.probe.gpu.GpuProbe;
import dev.salvor.agent.probe.gpu.Smi;
import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProbesTest {
  private static final Duration PERIOD = Duration.ofSeconds(10);

  @TempDir Path root;

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void probe_that_hangs_is_abandoned_and_does_not_hold_up_the_others() {
    CountDownLatch never = new CountDownLatch(1);
    Probe hanging =
        probe(
            "stuck",
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              return List.of();
            });
    Probe good = probe("good", () -> List.of(new Reading.Text("good", "x", "y")));
    Probes probes = new Probes(List.of(hanging, good), nanos::get);

    Probes.Look first = probes.look();
    pass(PERIOD);
    Probes.Look second = probes.look();

    assertThat(first.all())
        .containsExactly(
            new Reading.Absent("stuck", "stuck", "stuck_stuck: it did not answer within 50 ms"),
            new Reading.Text("good", "x", "y"));
    assertThat(second.all().getFirst())
        .isEqualTo(
            new Reading.Absent(
                "stuck",
                "stuck",
                "stuck_stuck: it still hangs in an earlier look, and is left alone"));
    never.countDown();
  }

  /// The thread that wants a look is the one that beats: it lets the probe go only after it.
  @Test
  void whoever_wants_a_look_does_not_wait_for_it() throws InterruptedException {
    CountDownLatch goneOn = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    Probe patient =
        new Probe() {
          @Override
          public String name() {
            return "patient";
          }

          @Override
          public Duration period() {
            return PERIOD;
          }

          @Override
          public Duration timeout() {
            return Duration.ofMinutes(1);
          }

          @Override
          public List<Reading> read() throws IOException {
            try {
              boolean on = goneOn.await(30, TimeUnit.SECONDS);
              return List.of(new Reading.Text("patient", "on", Boolean.toString(on)));
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    List<Reading> seen = new CopyOnWriteArrayList<>();

    new Probes(List.of(patient), nanos::get)
        .take(look -> {
          seen.addAll(look.all());
          looked.countDown();
        });
    goneOn.countDown();

    assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).containsExactly(new Reading.Text("patient", "on", "true"));
  }

  @Test
  void probe_that_throws_is_absent_with_its_reason() {
    Probe bad =
        probe(
            "bad",
            () -> {
              throw new IOException("no such device");
            });

    assertThat(new Probes(List.of(bad), nanos::get).look().all())
        .containsExactly(new Reading.Absent("bad", "bad", "no such device"));
  }

  @Test
  void probes_are_run_when_due_and_only_what_changed_is_news_until_all_is_told_again() {
    AtomicInteger looks = new AtomicInteger();
    Reading still = new Reading.Text("some", "still", "same");
    Probe some =
        probe(
            "some",
            () -> List.of(still, new Reading.Amount("some", "looks", looks.incrementAndGet(), "")));
    Probes probes = new Probes(List.of(some), nanos::get);
    assertThat(probes.look().news()).hasSize(2);

    pass(Duration.ofSeconds(2));
    assertThat(probes.look().news()).as("not due").isEmpty();
    assertThat(probes.look().all()).hasSize(2).contains(still);
    pass(PERIOD);
    assertThat(probes.look().news()).containsExactly(new Reading.Amount("some", "looks", 2, ""));
    pass(Duration.ofSeconds(55));
    assertThat(probes.look().news()).as("told again").hasSize(2);
  }

  @Test
  void box_without_a_gpu_library_says_so() {
    List<Reading> readings = new Probes(List.of(new GpuProbe(new Smi())), nanos::get).look().all();

    boolean driver = Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1"));
    assertThat(readings.getFirst() instanceof Reading.Absent absent ? absent.why() : "present")
        .startsWith(driver ? "present" : "no libnvidia-ml.so.1 on this box: ");
  }

  @Test
  void cuda_toolkit_comes_from_the_environment_or_the_version_file() throws IOException {
    assertThat(new CudaProbe(root, Map.of("CUDA_VERSION", "12.4.1")).read())
        .containsExactly(new Reading.Text("cuda", "toolkit", "12.4"));
    write(
        "usr/local/cuda/version.json",
        "{\"cuda\" : {\"name\" : \"CUDA SDK\", \"version\" : \"12.6.3\"}, \"nvcc\": {}}");
    assertThat(new CudaProbe(root, Map.of()).read())
        .containsExactly(new Reading.Text("cuda", "toolkit", "12.6"));
  }

  @Test
  void disk_room_is_what_the_system_says() throws IOException {
    List<Reading> readings =
        new DiskProbe(Path.of("/"), List.of("/", "/no/such"), nanos::get).read();

    Reading.Amount total = (Reading.Amount) readings.getFirst();
    assertThat(total.name()).isEqualTo("total /");
    assertThat(total.value()).isEqualTo((double) Path.of("/").toFile().getTotalSpace());
    assertThat(readings).noneMatch(r -> r.name().contains("such"));
  }

  @Test
  void both_versions_of_cgroups_are_read() throws IOException {
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write(
        "sys/fs/cgroup/memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    assertThat(new CgroupMemoryProbe(root).read())
        .containsExactly(
            new Reading.Amount("memory", "used", 1000, "bytes"),
            new Reading.Absent("memory", "limit", "none is set"),
            new Reading.Amount("memory", "oom_kill", 2, "processes"));

    write("sys/fs/cgroup/memory.current", "7\n");
    write("sys/fs/cgroup/memory.max", "64\n");
    write("sys/fs/cgroup/memory.events", "low 0\noom 1\noom_kill 1\n");
    assertThat(new CgroupMemoryProbe(root).read())
        .containsExactly(
            new Reading.Amount("memory", "used", 7, "bytes"),
            new Reading.Amount("memory", "limit", 64, "bytes"),
            new Reading.Amount("memory", "oom_kill", 1, "processes"));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static Probe probe(String name, Read read) {
    return new Probe() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Duration period() {
        return PERIOD;
      }

      @Override
      public Duration timeout() {
        return Duration.ofMillis(50);
      }

      @Override
      public List<Reading> read() throws IOException {
        return read.read();
      }
    };
  }

  /// What a probe of a test does.
  @FunctionalInterface
  private interface Read {
    List<Reading> read() throws IOException;
  }
}
