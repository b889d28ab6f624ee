package dev.salvor.agent.probe.gate;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.Gate.Refusal;
import dev.salvor.agent.core.GpuFaults;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.probe.Child;
import dev.salvor.agent.probe.ImageCuda;
import dev.salvor.agent.probe.Statfs;
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
  /// Of what the user's command said: its end tells why.
  private static final int TOLD_CHARS = 300;

  /// The agent's own, which is nobody else's business.
  private static final List<String> OURS =
      List.of("SALVOR_JOIN_TOKEN", "SALVOR_CA_PIN", "SALVOR_ENDPOINTS", "SALVOR_AOT");

  private final Tools tools;
  private final Patience patience;
  private final Consumer<AgentEvent> inbox;

  public FitnessGate(Tools tools, Consumer<AgentEvent> inbox) {
    this(tools, Patience.USUAL, inbox);
  }

  FitnessGate(Tools tools, Patience patience, Consumer<AgentEvent> inbox) {
    this.tools = tools;
    this.patience = patience;
    this.inbox = inbox;
  }

  /// How long a driver may take: to say who is there, and to take the cards up. A machine of eight
  /// whose driver does not stay loaded takes ten seconds and more for that.
  record Patience(Duration gpus, Duration cuda) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(60));
  }

  /// What it sees the box by.
  ///
  /// @param gpus a look of its own at the GPUs
  /// @param java this program in another process
  public record Tools(
      Path root, Gpus gpus, Statfs.Rooms rooms, List<String> java, Map<String, String> env) {
    /// By the disks that are there.
    public Tools(Path root, Gpus gpus, List<String> java, Map<String, String> env) {
      this(root, gpus, Statfs::of, java, env);
    }

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
  public void check(Action.RunGate gate) {
    Thread.ofPlatform().name("gate").daemon(true).start(() -> inbox.accept(answer(gate)));
  }

  AgentEvent answer(Action.RunGate asked) {
    List<String> seen = new ArrayList<>();
    try {
      Optional<Refusal> why = judge(asked, seen);
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

  private Optional<Refusal> judge(Action.RunGate asked, List<String> seen)
      throws IOException, InterruptedException {
    Gate gate = asked.job().care().gate();
    Optional<Refusal> why = disks(asked, gate.promise());
    if (why.isEmpty()) {
      why = gpus(asked.faults(), gate.promise(), seen);
    }
    return why.isPresent() ? why : command(asked.job(), gate, seen);
  }

  /// The disk of the workdir is the one that was rented; checkpoints may go to another.
  private Optional<Refusal> disks(Action.RunGate asked, Gate.Promise promise) throws IOException {
    JobSpec job = asked.job();
    List<String> places = new ArrayList<>(job.checkpointRoots());
    places.add(job.workdir());
    Optional<Refusal> why = DiskChecks.size(job.workdir(), room(job.workdir()), promise);
    // On a disk with a past the job finds what it wrote there before.
    long needed = asked.fresh() ? promise.neededBytes() : 0;
    for (String place : places) {
      why = why.isPresent() ? why : DiskChecks.room(place, room(place), needed);
      needed = 0;
    }
    return why;
  }

  /// Of what is there of a path.
  private Statfs.Room room(String place) throws IOException {
    Path at = onDisk(place).normalize();
    Path above = at.getParent();
    while (above != null && !Files.exists(at) && above.startsWith(tools.root())) {
      at = above;
      above = at.getParent();
    }
    return tools.rooms().of(at);
  }

  private Optional<Refusal> gpus(GpuFaults faults, Gate.Promise promise, List<String> seen)
      throws IOException, InterruptedException {
    Looked looked = look();
    if (looked.stuck()) {
      return refused("gpu-health", looked.missing(), GpuChecks.RELIABLE);
    }
    Seen gpus = new Seen(looked.readings());
    Optional<String> reported = faults.words(gpus.text("driver").orElse(""));
    if (reported.isPresent()) {
      return refused("gpu-health", reported.get(), GpuChecks.RELIABLE);
    }
    CudaChild.Found found = CudaChild.look(tools, patience.cuda());
    if (!looked.missing().isEmpty() && found instanceof CudaChild.Found.Absent) {
      seen.add("no GPU: " + looked.missing());
      return promise.gpus() == 0
          ? Optional.empty()
          : refused(
              "gpu-missing",
              "%d GPUs were rented, and none is seen: %s"
                  .formatted(promise.gpus(), looked.missing()),
              GpuChecks.VERIFIED);
    }
    Optional<Refusal> why = GpuChecks.judge(gpus, promise, found);
    if (why.isEmpty()) {
      why = cuda(gpus, found, promise);
    }
    if (why.isEmpty()) {
      why = GpuChecks.cuda(gpus, found, imageCuda(promise));
    }
    seen.add(
        looked.missing().isEmpty()
            ? "%d GPUs, driver %s"
                .formatted((int) gpus.amount("count").orElse(0), gpus.text("driver").orElse("?"))
            : "nobody tells of the GPUs: " + looked.missing());
    if (found instanceof CudaChild.Found.Works works) {
      seen.add("CUDA takes up %d of them".formatted(works.devices()));
    }
    return why;
  }

  private static Optional<Refusal> refused(String check, String evidence, String filter) {
    return Optional.of(new Refusal(check, evidence, filter));
  }

  private String imageCuda(Gate.Promise promise) throws IOException {
    return new ImageCuda(tools.root(), tools.env())
        .toolkit(CudaRelease.of(promise.cuda()))
        .map(image -> image.cuda().toString())
        .orElse("");
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
      return new Looked(look.get(patience.gpus().toMillis(), TimeUnit.MILLISECONDS), "", false);
    } catch (TimeoutException e) {
      String why =
          "nvml_stuck: the driver does not answer within %d s"
              .formatted(patience.gpus().toSeconds());
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
