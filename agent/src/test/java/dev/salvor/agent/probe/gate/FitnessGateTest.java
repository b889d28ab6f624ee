package dev.salvor.agent.probe.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.GpuFaults;
import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.probe.Statfs;
import dev.salvor.agent.probe.gpu.FakeDriver;
import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a box is refused for, and with which words.
final class FitnessGateTest {
  private static final FitnessGate.Gpus NONE =
      () -> {
        throw new IOException("no libnvidia-ml.so.1 on this box");
      };

  private static final long GB = 1_000_000_000L;

  @TempDir Path root;

  private Statfs.Rooms rooms = Statfs::of;

  private final Map<String, String> env = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));

  @Test
  void box_without_a_gpu_is_fit_where_none_was_promised() {
    assertThat(answer(NONE, gate("", Gate.Promise.NOTHING)))
        .isEqualTo(new AgentEvent.GatePassed("no GPU: no libnvidia-ml.so.1 on this box"));
  }

  @Test
  void gpu_that_was_rented_and_is_not_seen_is_refused() {
    assertThat(refusal(NONE, promise(2, "RTX 4090", "", 0)))
        .isEqualTo(
            new Gate.Refusal(
                "gpu-missing",
                "2 GPUs were rented, and none is seen: no libnvidia-ml.so.1 on this box",
                "verified=true"));
  }

  @Test
  void fewer_gpus_and_other_gpus_than_were_rented_are_refused() {
    FitnessGate.Gpus two = cards("NVIDIA GeForce RTX 3090", 2);

    assertThat(refusal(two, promise(4, "RTX 3090", "", 0)).evidence())
        .isEqualTo("4 GPUs were rented, and the driver shows 2");
    assertThat(refusal(two, promise(2, "RTX 4090", "", 0)).check()).isEqualTo("gpu-model");
    assertThat(answer(two, gate("", promise(2, "RTX 3090", "", 0))))
        .isInstanceOf(AgentEvent.GatePassed.class);
  }

  @Test
  void models_are_known_however_they_are_written() {
    assertThat(GpuChecks.isModel("NVIDIA H100 80GB HBM3", "H100 SXM")).isTrue();
    assertThat(GpuChecks.isModel("NVIDIA A100-SXM4-80GB", "A100_SXM4")).isTrue();
    assertThat(GpuChecks.isModel("NVIDIA GeForce RTX 4070 Ti", "RTX 4090")).isFalse();
    assertThat(GpuChecks.isModel("NVIDIA RTX 6000 Ada Generation", "RTX 6000Ada")).isTrue();
    assertThat(GpuChecks.isModel("Quadro P4000", "Q P4000")).isTrue();
  }

  @Test
  void driver_too_old_for_the_image_is_refused_with_the_filter_that_avoids_it() {
    assertThat(refusal(cards("RTX 4090", 1), promise(1, "RTX 4090", "12.8", 0)))
        .isEqualTo(
            new Gate.Refusal(
                "cuda",
                "image CUDA 12.8 needs driver >= 570.26, host has 550.54.15: pick another image or"
                    + " filter cuda_max_good>=12.8",
                "cuda_max_good>=12.8"));
    env.put("CUDA_VERSION", "12.6.1");
    assertThat(refusal(cards("RTX 4090", 1), promise(1, "RTX 4090", "", 0)).filter())
        .as("by what the image says of itself")
        .isEqualTo("cuda_max_good>=12.6");
  }

  @Test
  void framework_that_does_not_know_the_card_is_refused() throws IOException {
    Path torch = root.resolve("usr/local/lib/python3.11/site-packages/torch/version.py");
    Files.createDirectories(torch.getParent());
    Files.writeString(torch, "__version__ = '2.3.0+cu121'\ncuda: Optional[str] = '12.1'\n");
    FitnessGate.Gpus blackwell =
        () ->
            List.of(
                new Reading.Text("gpu", "driver", "570.86.15"),
                amount("count", 1),
                amount("gpu0 compute capability", 12.0));

    Gate.Refusal why = refusal(blackwell, promise(1, "", "", 0));

    assertThat(why.check()).isEqualTo("arch");
    assertThat(why.filter()).isEqualTo("compute_cap<1000");
  }

  @Test
  void card_that_the_driver_wants_reset_or_that_is_lost_is_refused() {
    FitnessGate.Gpus ill = () -> List.of(amount("count", 1), amount("gpu0 recovery action", 2));
    FitnessGate.Gpus lost =
        () -> List.of(amount("count", 1), new Reading.Absent("gpu", "gpu0", "GPU is lost"));

    assertThat(refusal(ill, Gate.Promise.NOTHING).evidence())
        .isEqualTo("GPU 0: the driver asks for: node reboot; leave the box");
    assertThat(refusal(lost, Gate.Promise.NOTHING).evidence())
        .isEqualTo("GPU 0: the card has fallen off the bus: leave the box (GPU is lost)");
  }

  @Test
  void smaller_disk_than_was_rented_is_refused() {
    long petabyte = 1_000_000_000_000_000L;

    assertThat(refusal(NONE, promise(0, "", "", petabyte)).filter())
        .isEqualTo("disk_space>=1000000");
  }

  @Test
  void users_own_command_decides_and_its_last_words_are_the_evidence() {
    Gate.Refusal why =
        ((AgentEvent.GateFailed)
                answer(
                    NONE, gate("echo SOME; echo no NVLink here >&2; exit 3", Gate.Promise.NOTHING)))
            .why();

    assertThat(why)
        .isEqualTo(
            new Gate.Refusal("command", "the gate command ended with 3: SOME no NVLink here", ""));
    assertThat(answer(NONE, gate("test \"$A\" = b && test -d .", Gate.Promise.NOTHING)))
        .isInstanceOf(AgentEvent.GatePassed.class);
    Gate slow = new Gate(true, "sleep 60", Duration.ofMillis(200), Gate.Promise.NOTHING);
    assertThat(((AgentEvent.GateFailed) answer(NONE, slow)).why().evidence())
        .contains("did not end within");
  }

  /// One after the other in processes of their own: a second each.
  @Test
  void first_look_through_cuda_is_taken_in_a_process_of_its_own() throws Exception {
    FitnessGate.Gpus two = cards("RTX 4090", 2);

    library("works.so");
    assertThat(answer(two, gate("", promise(2, "RTX 4090", "12.4", 0))))
        .isEqualTo(new AgentEvent.GatePassed("2 GPUs, driver 550.54.15; CUDA takes up 2 of them"));
    library("init.so", "-DINIT=803");
    assertThat(refusal(two, Gate.Promise.NOTHING).evidence())
        .isEqualTo("cuInit failed (803): library and kernel driver are of different versions");
    library("full.so", "-DALLOC=2");
    assertThat(refusal(two, Gate.Promise.NOTHING))
        .isEqualTo(
            new Gate.Refusal(
                "cuda",
                "cuMemAlloc_v2 failed (2): out of memory: somebody else holds it",
                "reliability>0.99"));
    library("bridge.so", "-DINIT=804");
    assertThat(refusal(two, promise(2, "", "12.4", 0)).filter())
        .as("the compatibility library does not bear")
        .isEqualTo("cuda_max_good>=12.4");
  }

  @Test
  void look_through_cuda_that_hangs_is_ended_and_refused() throws Exception {
    library("hangs.so", "-DHANG");
    Gate.Refusal why =
        refusal(
            cards("RTX 4090", 2),
            Gate.Promise.NOTHING,
            new FitnessGate.Patience(Duration.ofSeconds(10), Duration.ofMillis(1500)));

    assertThat(why.evidence()).startsWith("the first look through CUDA hangs");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList())
        .as("nothing of it is left")
        .isEmpty();
  }

  @Test
  void fewer_devices_than_the_driver_shows_and_a_library_that_lacks_a_function_are_refused()
      throws Exception {
    library("one.so", "-DCOUNT=1");
    assertThat(refusal(cards("RTX 4090", 2), promise(2, "RTX 4090", "", 0)))
        .isEqualTo(
            new Gate.Refusal(
                "gpu-count", "the driver shows 2 GPUs, and CUDA takes up 1", "verified=true"));
    library("lacks.so", "-DNO_ALLOC");
    assertThat(refusal(cards("RTX 4090", 2), Gate.Promise.NOTHING).evidence())
        .isEqualTo("cuMemAlloc_v2 failed (0): the library has no such function");
  }

  /// An image may bring CUDA and leave out what tells of the cards.
  @Test
  void box_that_only_cuda_tells_of_is_judged_by_what_cuda_takes_up() throws Exception {
    library("alone.so");
    assertThat(answer(NONE, gate("", promise(2, "RTX 4090", "", 0))))
        .isEqualTo(
            new AgentEvent.GatePassed(
                "nobody tells of the GPUs: no libnvidia-ml.so.1 on this box; CUDA takes up 2 of"
                    + " them"));
    assertThat(refusal(NONE, promise(4, "RTX 4090", "", 0)).evidence())
        .isEqualTo("4 GPUs were rented, and CUDA takes up 2");
    assertThat(refusal(NONE, promise(2, "H100 SXM", "", 0)).evidence())
        .isEqualTo("H100 SXM was rented, and gpu0 is Fake RTX 4090");
    library("ill.so", "-DINIT=999");
    assertThat(refusal(NONE, promise(2, "RTX 4090", "", 0)).evidence()).startsWith("cuInit failed");
  }

  @Test
  void card_that_fell_off_the_bus_before_on_this_boot_is_refused_though_it_looks_well() {
    FitnessGate.Gpus well = cards("RTX 4090", 2);
    GpuFaults fallen = new GpuFaults("550.54.15", Map.of(1, new GpuFaults.Fault(79, 1)));

    assertThat(refusal(well, fallen))
        .isEqualTo(
            new Gate.Refusal(
                "gpu-health",
                "GPU 1 reported Xid 79 (GPU has fallen off the bus) on this boot: the card is gone"
                    + " until the host is mended: leave the box",
                "reliability>0.99"));
    assertThat(refusal(NONE, fallen).check())
        .as("its driver answers no more")
        .isEqualTo("gpu-health");
    GpuFaults before = new GpuFaults("535.1", Map.of(1, new GpuFaults.Fault(79, 1)));
    assertThat(gate(well, FitnessGate.Patience.USUAL).answer(asked(Gate.Promise.NOTHING, before)))
        .as("another driver has them now")
        .isInstanceOf(AgentEvent.GatePassed.class);
  }

  @Test
  void disk_without_inodes_or_without_room_for_what_is_to_come_is_refused() {
    Statfs.Room full = new Statfs.Room(GB * 40, GB * 10, 100_000, 999, 1, Statfs.Kind.DISK);
    rooms = _ -> full;
    assertThat(refusal(NONE, Gate.Promise.NOTHING))
        .isEqualTo(
            new Gate.Refusal("inodes", "999 inodes are free at /work, of 100000", "verified=true"));

    rooms = _ -> new Statfs.Room(GB * 40, GB * 10, 0, 0, 1, Statfs.Kind.DISK);
    Gate.Promise twelve = new Gate.Promise(0, "", "", 0, 12 * GB);
    assertThat(refusal(NONE, twelve))
        .isEqualTo(
            new Gate.Refusal(
                "disk",
                "10.0 GB are free at /work, and the job is to write 12.0 GB there before long",
                "disk_space>=42"));
    assertThat(
            gate(NONE, FitnessGate.Patience.USUAL)
                .answer(new Action.RunGate(job(gate("", twelve)), false, GpuFaults.NONE)))
        .as("a disk with a past")
        .isInstanceOf(AgentEvent.GatePassed.class);
    rooms = _ -> new Statfs.Room(GB * 40, 1_000_000, 0, 0, 1, Statfs.Kind.DISK);
    assertThat(refusal(NONE, Gate.Promise.NOTHING).filter()).isEqualTo("disk_space>=41");
  }

  @Test
  void driver_that_hangs_is_refused_and_not_waited_for() {
    CountDownLatch never = new CountDownLatch(1);
    FitnessGate.Gpus hanging =
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return List.of();
        };

    Gate.Refusal why =
        refusal(
            hanging,
            Gate.Promise.NOTHING,
            new FitnessGate.Patience(Duration.ofMillis(100), Duration.ofSeconds(60)));

    assertThat(why.evidence()).startsWith("nvml_stuck");
    never.countDown();
  }

  private void library(String name, String... flags) throws Exception {
    env.put(
        CudaCheck.LIBRARY_VARIABLE, FakeDriver.make(root, "fakecuda.c", name, flags).toString());
  }

  private Gate.Refusal refusal(FitnessGate.Gpus gpus, Gate.Promise promise) {
    return refusal(gpus, promise, FitnessGate.Patience.USUAL);
  }

  private Gate.Refusal refusal(
      FitnessGate.Gpus gpus, Gate.Promise promise, FitnessGate.Patience patience) {
    AgentEvent answer = gate(gpus, patience).answer(asked(promise, GpuFaults.NONE));
    assertThat(answer).isInstanceOf(AgentEvent.GateFailed.class);
    return ((AgentEvent.GateFailed) answer).why();
  }

  private Gate.Refusal refusal(FitnessGate.Gpus gpus, GpuFaults faults) {
    AgentEvent answer =
        gate(gpus, FitnessGate.Patience.USUAL).answer(asked(Gate.Promise.NOTHING, faults));
    assertThat(answer).isInstanceOf(AgentEvent.GateFailed.class);
    return ((AgentEvent.GateFailed) answer).why();
  }

  private static Action.RunGate asked(Gate.Promise promise, GpuFaults faults) {
    return new Action.RunGate(job(gate("", promise)), true, faults);
  }

  private AgentEvent answer(FitnessGate.Gpus gpus, Gate gate) {
    return gate(gpus, FitnessGate.Patience.USUAL)
        .answer(new Action.RunGate(job(gate), true, GpuFaults.NONE));
  }

  private FitnessGate gate(FitnessGate.Gpus gpus, FitnessGate.Patience patience) {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.salvor.agent.main.Main");
    return new FitnessGate(new FitnessGate.Tools(root, gpus, rooms, java, env), patience, _ -> {});
  }

  private static FitnessGate.Gpus cards(String name, int count) {
    List<Reading> readings = new ArrayList<>();
    readings.add(new Reading.Text("gpu", "driver", "550.54.15"));
    readings.add(new Reading.Text("gpu", "cuda of driver", "12.4"));
    readings.add(amount("count", count));
    for (int i = 0; i < count; i++) {
      readings.add(new Reading.Text("gpu", "gpu" + i, name));
    }
    return () -> readings;
  }

  private static Reading amount(String name, double value) {
    return new Reading.Amount("gpu", name, value, "");
  }

  private static Gate gate(String command, Gate.Promise promise) {
    return new Gate(true, command, Duration.ofMinutes(1), promise);
  }

  private static Gate.Promise promise(int gpus, String gpu, String cuda, long disk) {
    return new Gate.Promise(gpus, gpu, cuda, disk);
  }

  private static JobSpec job(Gate gate) {
    JobCare none = JobCare.NONE;
    JobCare care = new JobCare(none.tasks(), none.listens(), Map.of(), List.of(), 0, gate);
    return new JobSpec("train", "/work", Map.of("A", "b"), List.of(), List.of(), care);
  }
}
