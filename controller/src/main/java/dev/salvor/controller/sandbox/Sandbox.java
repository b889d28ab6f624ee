package dev.salvor.controller.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.box.Boxes;
import dev.salvor.controller.sandbox.box.Tools;
import dev.salvor.controller.sandbox.market.BookStore;
import dev.salvor.controller.sandbox.market.KeyRing;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.MarketLog;
import dev.salvor.controller.sandbox.rest.Desk;
import dev.salvor.controller.sandbox.rest.RestServer;
import dev.salvor.controller.sandbox.ssh.SshDoors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One open marketplace: its market, its boxes, its ssh server, its REST server and the clockwork
/// between them.
final class Sandbox {
  private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

  /// Fast enough that a fault that waits for a checkpoint strikes within it, slow enough to cost
  /// nothing.
  private static final long TICK_MS = 50;

  private static final long CLOCKWORK_END_MS = 60_000;

  private final StateDir dir;
  private final Market market;
  private final SshDoors doors;
  private final RestServer rest;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread clockwork;
  private volatile boolean wipe;
  private boolean closed;

  private Sandbox(StateDir dir, Market market, SshDoors doors, RestServer rest) {
    this.dir = dir;
    this.market = market;
    this.doors = doors;
    this.rest = rest;
    this.clockwork = Thread.ofPlatform().name("market").daemon().unstarted(this::turn);
  }

  static Sandbox open(SandboxConfig config) throws SandboxException {
    Path bundle = config.bundle().toAbsolutePath();
    if (!Files.isDirectory(bundle)) {
      throw new SandboxException(
          SandboxException.Kind.BAD_BUNDLE,
          "Cannot open the sandbox: "
              + bundle
              + " is no directory. It must hold what boxes find in /opt/salvor");
    }
    if (!Tools.has("bash")) {
      throw new SandboxException(
          SandboxException.Kind.NO_BOXES, "Cannot run boxes: bash is not installed. Install it");
    }
    StateDir dir = StateDir.open(config.stateDir());
    try {
      return open(config, dir, bundle);
    } catch (SandboxException e) {
      quietly(dir);
      throw e;
    }
  }

  private static Sandbox open(SandboxConfig config, StateDir dir, Path bundle)
      throws SandboxException {
    var ring = new KeyRing();
    var log = new MarketLog(dir.path());
    var parts =
        new Market.Parts(
            InstantSource.system(),
            new BookStore(dir.path()),
            log,
            ring,
            config.manner().pace(),
            config.manner().rivals());
    RestServer rest = bind(config.port() > 0 ? config.port() : dir.lastPort());
    try {
      Market.Opened books = books(parts, config.seed(), dir);
      Boxes boxes = boxes(config, dir, bundle, books.identity().market());
      SshDoors doors = SshDoors.open(dir.path().resolve("ssh_host_key"), boxes, ring);
      Market market = books.with(new LocalHost(boxes, doors));
      var sandbox = new Sandbox(dir, market, doors, rest);
      sandbox.wipe = config.manner().wipe();
      arm(config, market);
      boolean rsync = Tools.has("rsync");
      boolean limits = config.manner().rateLimits();
      rest.serve(
          market,
          new Desk(rest.url(), doors.copyPort(), rsync, limits, boxes, log.file(), sandbox::ask));
      dir.publish(sandbox.endpoint());
      sandbox.clockwork.start();
      return sandbox;
    } catch (IOException | BoxException | UncheckedIOException e) {
      rest.close();
      throw new SandboxException(SandboxException.Kind.FAILED, "Cannot open the sandbox", e);
    } catch (SandboxException e) {
      rest.close();
      throw e;
    }
  }

  private static RestServer bind(int port) throws SandboxException {
    try {
      return RestServer.bind(port);
    } catch (IOException e) {
      throw new SandboxException(
          SandboxException.Kind.PORT_IN_USE,
          "Cannot listen on 127.0.0.1:" + port + ". Free that port, or name another with --port",
          e);
    }
  }

  private static Market.Opened books(Market.Parts parts, long seed, StateDir dir)
      throws SandboxException {
    try {
      return Market.open(parts, seed);
    } catch (IOException e) {
      throw new SandboxException(
          SandboxException.Kind.STATE_UNREADABLE,
          "Cannot read the market in "
              + dir.path()
              + ". Name another directory, or remove this one",
          e);
    }
  }

  private static Boxes boxes(SandboxConfig config, StateDir dir, Path bundle, String market)
      throws BoxException {
    boolean namespaces = !config.manner().plainBoxes() && Tools.grantsNamespaces();
    if (!namespaces) {
      LOG.atWarn()
          .log(
              "no namespaces here: boxes are plain processes under a prefix, and see this machine's"
                  + " files");
    }
    Optional<Path> handed = config.manner().bare() ? Optional.empty() : Optional.of(bundle);
    return Boxes.open(dir.path(), handed, market, namespaces);
  }

  /// A market that has faults from before goes on with those.
  private static void arm(SandboxConfig config, Market market) throws SandboxException {
    if (market.hadFaults()) {
      return;
    }
    if (config.faultsFile().isPresent()) {
      Path file = config.faultsFile().get();
      arm(market, "in " + file, () -> new ObjectMapper().readTree(file.toFile()));
    }
    for (String text : config.manner().faults()) {
      arm(market, text, () -> new ObjectMapper().readTree(text));
    }
  }

  /// Where faults are read from.
  private interface Source {
    JsonNode read() throws IOException;
  }

  private static void arm(Market market, String where, Source source) throws SandboxException {
    List<String> problems = new ArrayList<>();
    try {
      market.addFaults(source.read(), problems);
    } catch (IOException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw new SandboxException(
          SandboxException.Kind.BAD_FAULTS,
          "Cannot use the faults " + where + ": " + String.join("; ", problems));
    }
  }

  String url() {
    return rest.url();
  }

  String apiKey() {
    return market.apiKey();
  }

  ObjectNode endpoint() {
    return StateDir.endpoint(rest.url(), market.apiKey());
  }

  /// Waits until somebody asks for the end, or nobody has called for so long (zero: whatever
  /// happens).
  void await(Duration idle) throws InterruptedException {
    while (!asked.await(TICK_MS, TimeUnit.MILLISECONDS)) {
      if (!idle.isZero() && System.nanoTime() - rest.lastCallNanos() > idle.toNanos()) {
        LOG.atInfo().addKeyValue("idle", idle).log("no call for so long: closing");
        return;
      }
    }
  }

  /// Kills every box and closes; disks stay unless a wipe was asked for.
  synchronized void close() throws SandboxException {
    if (closed) {
      return;
    }
    closed = true;
    stopped.countDown();
    try {
      clockwork.join(CLOCKWORK_END_MS);
      rest.close();
      market.close(wipe);
      doors.close();
      dir.close();
    } catch (IOException | BoxException | UncheckedIOException e) {
      throw new SandboxException(
          SandboxException.Kind.FAILED, "Cannot close the sandbox cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException(
          SandboxException.Kind.FAILED, "Interrupted while closing the sandbox", e);
    }
  }

  private void ask(boolean withWipe) {
    if (withWipe) {
      wipe = true;
    }
    asked.countDown();
  }

  private void turn() {
    try {
      while (!stopped.await(TICK_MS, TimeUnit.MILLISECONDS)) {
        try {
          market.tick();
        } catch (BoxException | UncheckedIOException e) {
          LOG.atWarn().setCause(e).log("a turn of the market failed");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void quietly(StateDir dir) {
    try {
      dir.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("the lock ends with the process");
    }
  }
}
