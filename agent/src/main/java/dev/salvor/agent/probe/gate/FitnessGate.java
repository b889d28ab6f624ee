package dev.salvor.agent.probe.gate;

import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.Gate.Refusal;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.probe.Child;
import dev.salvor.agent.probe.ImageCuda;
import dev.salvor.agent.probe.Statvfs;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.cuda.ComputeCapability;
import dev.salvor.common.telemetry.cuda.CudaFit;
import dev.salvor.common.telemetry.cuda.CudaRelease;
import dev.salvor.common.telemetry.cuda.DriverVersion;
import dev.salvor.common.telemetry.cuda.ImageToolkit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Sees, before a job starts on a boot, whether this box is what it was rented as and can run it:
/// disk, GPUs, the first look through CUDA, and the user's own command. The first that is against
/// it answers.
public final class FitnessGate {
  /// A job that cannot write its first lines is no job.
  private static final long LEAST_BYTES = 64L << 20;

  private static final long LEAST_INODES = 1_000;

  /// File systems keep some of what was rented for themselves.
  private static final double DISK_PROMISE = 0.8;

  /// A driver that takes longer to say who is there hangs.
  static final Duration GPU_TIMEOUT = Duration.ofSeconds(10);

  /// Of what the user's command said: its end tells why.
  private static final int TOLD_CHARS = 300;

  /// The agent's own, which is nobody else's business.
  private static final List<String> OURS =
      List.of("SALVOR_JOIN_TOKEN", "SALVOR_CA_PIN", "SALVOR_ENDPOINTS", "SALVOR_AOT");

  private final Tools tools;
  private final Duration gpuTimeout;
  private final Consumer<AgentEvent> inbox;

  public FitnessGate(Tools tools, Consumer<AgentEvent> inbox) {
    this(tools, GPU_TIMEOUT, inbox);
  }

  FitnessGate(Tools tools, Duration gpuTimeout, Consumer<AgentEvent> inbox) {
    this.tools = tools;
    this.gpuTimeout = gpuTimeout;
    this.inbox = inbox;
  }

  /// What it sees the box by.
  ///
  /// @param gpus a look of its own at the GPUs
  /// @param java this program in another process
  public record Tools(Path root, Gpus gpus, List<String> java, Map<String, String> env) {
    public Tools {
      java = List.copyOf(java);
      env = Map.copyOf(env);
    }
  }

  /// Readings of the GPUs; throws where there are none, with why. May hang.
  @FunctionalInterface
  public interface Gpus {
    List<Reading> read() throws IOException;
  }

  /// Returns at once; the answer is an event.
  public void check(JobSpec job) {
    Thread.ofPlatform().name("gate").daemon(true).start(() -> inbox.accept(answer(job)));
  }

  AgentEvent answer(JobSpec job) {
    List<String> seen = new ArrayList<>();
    try {
      Optional<Refusal> why = judge(job, seen);
      return why.isPresent()
          ? new AgentEvent.GateFailed(why.get())
          : new AgentEvent.GatePassed(String.join("; ", seen));
    } catch (IOException | RuntimeException e) {
      return new AgentEvent.GateFailed(
          new Refusal("gate", "the box could not be looked at: " + e, ""));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new AgentEvent.GateFailed(new Refusal("gate", "the agent ends", ""));
    }
  }

  private Optional<Refusal> judge(JobSpec job, List<String> seen)
      throws IOException, InterruptedException {
    Gate gate = job.care().gate();
    Optional<Refusal> why = disk(job, gate.promise());
    if (why.isEmpty()) {
      why = gpus(gate.promise(), seen);
    }
    return why.isPresent() ? why : command(job, gate, seen);
  }

  private Optional<Refusal> disk(JobSpec job, Gate.Promise promise) throws IOException {
    Path workdir = onDisk(job.workdir());
    Statvfs.Room room = Statvfs.of(Files.exists(workdir) ? workdir : tools.root());
    if (room.totalBytes() < DISK_PROMISE * promise.diskBytes()) {
      return Optional.of(
          new Refusal(
              "disk",
              "%.0f GB of disk were rented, and %s has %.0f GB"
                  .formatted(promise.diskBytes() / 1e9, job.workdir(), room.totalBytes() / 1e9),
              "disk_space>=%d".formatted(Math.ceilDiv(promise.diskBytes(), 1_000_000_000L))));
    }
    if (room.freeBytes() < LEAST_BYTES) {
      return Optional.of(
          new Refusal(
              "disk",
              "%.1f MB are free at %s".formatted(room.freeBytes() / 1e6, job.workdir()),
              ""));
    }
    if (room.inodes() > 0 && room.freeInodes() < LEAST_INODES) {
      return Optional.of(
          new Refusal(
              "inodes",
              "%d inodes are free at %s, of %d"
                  .formatted(room.freeInodes(), job.workdir(), room.inodes()),
              ""));
    }
    return Optional.empty();
  }

  private Optional<Refusal> gpus(Gate.Promise promise, List<String> seen)
      throws IOException, InterruptedException {
    Looked looked = look();
    if (looked.stuck()) {
      return Optional.of(new Refusal("gpu-health", looked.missing(), "reliability>0.99"));
    }
    Seen gpus = new Seen(looked.readings());
    CudaChild.Found found = CudaChild.look(tools);
    if (!looked.missing().isEmpty() && found instanceof CudaChild.Found.Absent) {
      seen.add("no GPU: " + looked.missing());
      return promise.gpus() == 0
          ? Optional.empty()
          : Optional.of(
              new Refusal(
                  "gpu-missing",
                  "%d GPUs were rented, and none is seen: %s"
                      .formatted(promise.gpus(), looked.missing()),
                  "verified=true"));
    }
    Optional<Refusal> why = GpuChecks.judge(gpus, promise);
    if (why.isEmpty()) {
      why = cuda(gpus, found, promise);
    }
    if (why.isEmpty() && found instanceof CudaChild.Found.Fails fails) {
      why = Optional.of(fails.why());
    }
    seen.add(
        "%d GPUs, driver %s"
            .formatted((int) gpus.amount("count").orElse(0), gpus.text("driver").orElse("?")));
    if (found instanceof CudaChild.Found.Works works) {
      seen.add("CUDA takes up %d of them".formatted(works.devices()));
      boolean fewer = works.devices() < gpus.amount("count").orElse(0);
      if (why.isEmpty() && fewer) {
        why =
            Optional.of(
                new Refusal(
                    "gpu-count",
                    "the driver shows %.0f GPUs, and CUDA takes up %d"
                        .formatted(gpus.amount("count").orElse(0), works.devices()),
                    ""));
      }
    }
    return why;
  }

  private Optional<Refusal> cuda(Seen gpus, CudaChild.Found found, Gate.Promise promise)
      throws IOException {
    Optional<DriverVersion> driver = gpus.text("driver").flatMap(DriverVersion::of);
    if (driver.isEmpty()) {
      return Optional.empty();
    }
    ImageCuda files = new ImageCuda(tools.root(), tools.env());
    Optional<ImageToolkit> image = files.toolkit(CudaRelease.of(promise.cuda()));
    OptionalDouble capability = gpus.amount("gpu0 compute capability");
    CudaFit.Host host =
        new CudaFit.Host(
            driver.get(),
            gpus.text("gpu0").orElse(""),
            capability.isPresent()
                ? ComputeCapability.of(String.format(Locale.ROOT, "%.1f", capability.getAsDouble()))
                : Optional.empty());
    CudaFit fit = CudaFit.of(host, image, files.framework());
    boolean bridged =
        found instanceof CudaChild.Found.Works works
            && fit.filter().startsWith("cuda_max_good")
            && image
                .filter(i -> CudaRelease.ofCode(works.version()).compareTo(i.cuda()) >= 0)
                .isPresent();
    if (fit.grade() != CudaFit.Grade.UNFIT || bridged) {
      return Optional.empty();
    }
    String check = fit.filter().startsWith("compute_cap") ? "arch" : "cuda";
    return Optional.of(new Refusal(check, fit.sentence(), fit.filter()));
  }

  /// A look at the GPUs.
  ///
  /// @param missing why there are none; "" where there are
  private record Looked(List<Reading> readings, String missing, boolean stuck) {}

  private Looked look() throws InterruptedException {
    FutureTask<List<Reading>> look = new FutureTask<>(() -> tools.gpus().read());
    Thread.ofPlatform().name("gate-gpus").daemon(true).start(look);
    try {
      return new Looked(look.get(gpuTimeout.toMillis(), TimeUnit.MILLISECONDS), "", false);
    } catch (TimeoutException e) {
      String why =
          "nvml_stuck: the driver does not answer within %d s".formatted(gpuTimeout.toSeconds());
      return new Looked(List.of(), why, true);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return new Looked(List.of(), String.valueOf(cause == null ? e : cause.getMessage()), false);
    }
  }

  private Optional<Refusal> command(JobSpec job, Gate gate, List<String> seen)
      throws IOException, InterruptedException {
    if (gate.command().isBlank()) {
      return Optional.empty();
    }
    Map<String, String> env = new HashMap<>(tools.env());
    OURS.forEach(env::remove);
    env.putAll(job.env());
    Path workdir = onDisk(job.workdir());
    Files.createDirectories(workdir);
    Child.Ended ended =
        Child.run(
            List.of("bash", "-c", "cd \"$0\" && " + gate.command(), workdir.toString()),
            gate.timeout(),
            env);
    if (ended.exit() == 0) {
      seen.add("its user's command is content");
      return Optional.empty();
    }
    String how =
        ended.late()
            ? "did not end within %d s".formatted(gate.timeout().toSeconds())
            : "ended with %d".formatted(ended.exit());
    return Optional.of(
        new Refusal("command", "the gate command %s: %s".formatted(how, tail(ended)), ""));
  }

  private static String tail(Child.Ended ended) {
    String said = ended.output().strip().replaceAll("\\s+", " ");
    return said.isEmpty()
        ? "it said nothing"
        : said.substring(Math.max(0, said.length() - TOLD_CHARS));
  }

  private Path onDisk(String place) {
    return tools.root().resolve(place.replaceFirst("^/+", ""));
  }
}
