package dev.salvor.agent.main;

import dev.salvor.agent.cargo.CargoWorker;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.AgentState;
import dev.salvor.agent.core.Jitter;
import dev.salvor.agent.core.Memory;
import dev.salvor.agent.core.Moment;
import dev.salvor.agent.core.Outbox;
import dev.salvor.agent.core.Self;
import dev.salvor.agent.identity.Identity;
import dev.salvor.agent.job.BoxSettings;
import dev.salvor.agent.job.JobPlace;
import dev.salvor.agent.job.ShimmedJob;
import dev.salvor.agent.link.Endpoint;
import dev.salvor.agent.link.EnrolmentFacts;
import dev.salvor.agent.link.GrpcLink;
import dev.salvor.agent.link.NettyChannels;
import dev.salvor.agent.loop.AgentLoop;
import dev.salvor.agent.loop.Inbox;
import dev.salvor.agent.loop.Ports;
import dev.salvor.agent.loop.Ticker;
import dev.salvor.agent.probe.Probes;
import dev.salvor.agent.probe.gate.FitnessGate;
import dev.salvor.agent.probe.gpu.GpuProbe;
import dev.salvor.agent.probe.gpu.Smi;
import dev.salvor.agent.state.HomeDir;
import dev.salvor.agent.state.LastWords;
import dev.salvor.agent.state.MemoryFile;
import dev.salvor.agent.state.PatientStore;
import dev.salvor.agent.state.Spool;
import dev.salvor.common.disk.Ballast;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wires the watcher: what it is made of, and in what order it comes up.
final class Watch {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration IDENTITY_EVERY = Duration.ofSeconds(30);
  private static final Duration AFLOAT_EVERY = Duration.ofSeconds(5);

  /// A goodbye, and no more: the platform's own grace is short.
  private static final int SHUTDOWN_S = 3;

  private final Options options;
  private final HomeDir home;
  private final int boot;
  private final Inbox inbox = new Inbox();
  private final Clock clock = Clock.systemUTC();

  private Watch(Options options, HomeDir home, int boot) {
    this.options = options;
    this.home = home;
    this.boot = boot;
  }

  /// Returns the exit code.
  static int run(Options options) throws IOException, InterruptedException {
    HomeDir home = new HomeDir(options.home());
    home.directory("");
    try (FileChannel file =
            FileChannel.open(
                home.path("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      if (lock == null) {
        throw new IOException("Another agent holds " + home.path("agent.lock"));
      }
      int boot = Integer.parseInt(home.read("boot").orElse("1").strip());
      return new Watch(options, home, boot).run();
    } catch (NumberFormatException e) {
      throw new IOException("HOME/boot is no number: " + e.getMessage(), e);
    }
  }

  private int run() throws IOException, InterruptedException {
    MemoryFile memory = new MemoryFile(home);
    SecureRandom random = new SecureRandom();
    try (Spool spool = Spool.open(home);
        NettyChannels channels = new NettyChannels(options.pins(), clock);
        ShimmedJob job = new ShimmedJob(jobPlace(), inbox::put);
        CargoWorker cargo = new CargoWorker(CargoTools.of(options, home, boot), inbox::put)) {
      Identity identity = new Identity(new HomeIdentityStore(home), options.pins(), clock, random);
      PatientStore store = new PatientStore(spool, home.ballast());
      GrpcLink link = link(channels, identity, store);
      Probes probes = probes();
      Ports ports =
          new Ports(
              new DiskStore(memory, spool, store, options.root(), DiskStore.LIMITS),
              new LinkAdapter(link),
              job::act,
              cargo::act,
              () ->
                  probes.take(
                      look -> inbox.put(new AgentEvent.ReadingsTaken(look.all(), look.news()))),
              new FitnessGate(gateTools(), inbox::put)::check,
              new SelfStop(options.boxKey(), spool, words(), inbox::put));
      Ticker ticker = new Ticks(System.nanoTime());
      AgentState state = restored(memory, spool, new Jitter(random.nextLong()), ticker.now());
      refreshIdentity(link);
      keepAfloat(store, home.ballast());
      return runUntilTold(new AgentLoop(state, inbox, ports, ticker));
    }
  }

  private LastWords words() throws IOException {
    LastWords words = new LastWords(home);
    words.forget();
    return words;
  }

  private int runUntilTold(AgentLoop loop) throws IOException, InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform()
            .unstarted(() -> {
              inbox.put(new AgentEvent.Terminated("the agent was told to end"));
              await(ended);
              // Told to end and done so: not 143.
              Runtime.getRuntime().halt(0);
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return loop.run();
    } finally {
      ended.countDown();
    }
  }

  private static void await(CountDownLatch ended) {
    try {
      boolean inTime = ended.await(SHUTDOWN_S, TimeUnit.SECONDS);
      if (!inTime) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AgentState restored(MemoryFile memory, Spool spool, Jitter jitter, Moment now)
      throws IOException {
    Self self = new Self(boot, bootId(), version(), options.boxKey().isPresent());
    AgentState.Spooled spooled =
        new AgentState.Spooled(
            new Outbox(spool.lastSeq(), spool.ackedSeq()), () -> new Waiting(spool));
    try {
      return AgentState.restored(
          self, memory.load().orElse(Memory.fresh(boot)), spooled, jitter, now);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private GrpcLink link(NettyChannels channels, Identity identity, PatientStore store) {
    EnrolmentFacts facts =
        new EnrolmentFacts(
            this::joinToken,
            options.run().value(),
            options.generation(),
            options.instanceId(),
            boot);
    return new GrpcLink(
        new GrpcLink.Wiring(channels, this::endpoints, facts, clock),
        identity,
        seq -> store.after(seq).map(Spool.Entry::content),
        task -> Thread.ofPlatform().name("dial").daemon(true).start(task));
  }

  /// A box that lost its key is brought a token of its own by ssh.
  private String joinToken() {
    try {
      return home.read("join-token")
          .map(String::strip)
          .filter(token -> !token.isEmpty())
          .orElse(options.joinToken());
    } catch (IOException e) {
      return options.joinToken();
    }
  }

  /// The file written over the tunnel wins over what the box was rented with.
  private List<Endpoint> endpoints() throws IOException {
    List<Endpoint> pushed = Endpoint.parse(home.read("endpoints").orElse(""));
    return pushed.isEmpty() ? Endpoint.parse(options.endpoints()) : pushed;
  }

  /// Writes what waits for room, and takes ballast again when there is some.
  private static void keepAfloat(PatientStore store, Ballast ballast) {
    Thread.ofPlatform()
        .name("afloat")
        .daemon(true)
        .start(() -> {
          try {
            while (true) {
              ballast.take();
              Thread.sleep(AFLOAT_EVERY);
              store.flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void refreshIdentity(GrpcLink link) {
    Thread.ofPlatform()
        .name("identity")
        .daemon(true)
        .start(() -> {
          try {
            while (true) {
              Thread.sleep(IDENTITY_EVERY);
              link.refreshIdentity();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private JobPlace jobPlace() throws IOException {
    Map<String, String> env =
        Map.of(
            "SALVOR_RUN", options.run().value(),
            "SALVOR_GENERATION", Integer.toString(options.generation()));
    showToSessions(env);
    return new JobPlace(home.directory("job"), options.root(), boot, env);
  }

  /// On a platform's box only: on any other machine nobody asked for it.
  private void showToSessions(Map<String, String> env) {
    if (options.instanceId().isEmpty()) {
      return;
    }
    Map<String, String> shown = new TreeMap<>(env);
    shown.put("SALVOR_BOOT", Integer.toString(boot));
    shown.put("SALVOR_HOME", options.home().toString());
    for (String problem : BoxSettings.show(options.root(), shown)) {
      LOG.atInfo().addKeyValue("why", problem).log("SSH sessions do not see this run's settings");
    }
  }

  private FitnessGate.Tools gateTools() {
    return new FitnessGate.Tools(
        options.root(), new GpuProbe(new Smi())::read, CargoTools.java("-Xmx32m"), System.getenv());
  }

  private Probes probes() {
    return BoxProbes.of(options.root(), System.getenv(), System::nanoTime);
  }

  private static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  private static String version() {
    String version = Watch.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  /// Both clocks, the monotonic one from the agent's start.
  private record Ticks(long startNanos) implements Ticker {
    @Override
    public Moment now() {
      long mono = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
      return new Moment(mono, System.currentTimeMillis());
    }
  }
}
