package dev.salvor.controller.main;

import dev.salvor.common.unit.Secret;
import dev.salvor.controller.ca.CaException;
import dev.salvor.controller.cli.Exit;
import dev.salvor.controller.cli.Wiring;
import dev.salvor.controller.desk.Desk;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.intake.IntakeException;
import dev.salvor.controller.journal.JournalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The controller of one state directory, as a process: from taking the directory to letting it go.
final class ControllerProcess implements Wiring.ControllerCall {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerProcess.class);
  private static final long LOOK_MS = 200;

  private final AtomicReference<@Nullable Throwable> death = new AtomicReference<>();
  private final CountDownLatch told = new CountDownLatch(1);

  @Override
  public int run(Wiring.ControllerOptions options) throws Exception {
    Path dir = options.dir().root();
    try (Desk.Claim claim = Desk.claim(options.dir());
        Station station = Station.open(settings(options, dir))) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(told::countDown));
      Desk desk = claim.open(station.bridge());
      try (Monitor _ = Monitor.start(options.monitoring(), station, System.getenv())) {
        LOG.atInfo().setMessage("Controller up").addKeyValue("state", dir).log();
        awaitEnd(desk, options.monitoring().stays());
      } finally {
        desk.close();
      }
      return ending();
    } catch (DeskException | JournalException | CaException | IntakeException | IOException e) {
      // For whoever started it: the last line of the log says it all.
      System.err.println(e.getMessage());
      return Exit.ENVIRONMENT.code();
    }
  }

  private Station.Settings settings(Wiring.ControllerOptions options, Path dir) throws IOException {
    Secret key = new Secret(Files.readString(options.apiKeyFile()).strip());
    return new Station.Settings(
        dir,
        options.provider().toString(),
        key,
        options.listen(),
        options.sandbox(),
        access(options),
        PolicySettings.of(System.getenv()),
        this::died);
  }

  private static Station.Access access(Wiring.ControllerOptions options) {
    Wiring.Approach approach = options.approach();
    Reach reach = approach.tunnel() ? new Reach.Tunnelled() : new Reach.Direct(approach.address());
    AgentBundle.Source agent =
        options.sandbox() && Files.isDirectory(options.dir().bundle())
            ? new AgentBundle.Source.Folder(options.dir().bundle())
            : new AgentBundle.Source.Installation(approach.installation());
    return new Station.Access(reach, agent);
  }

  private void died(Throwable why) {
    LOG.atError().setMessage("The loop cannot go on").setCause(why).log();
    death.set(why);
  }

  private void awaitEnd(Desk desk, boolean stays) throws InterruptedException {
    while (death.get() == null) {
      if (stays ? told.await(LOOK_MS, TimeUnit.MILLISECONDS) : unneeded(desk)) {
        return;
      }
    }
  }

  private boolean unneeded(Desk desk) throws InterruptedException {
    return desk.awaitUnneeded(Duration.ofMillis(LOOK_MS)) || told.await(0, TimeUnit.MILLISECONDS);
  }

  private int ending() {
    Throwable why = death.get();
    if (why == null) {
      return Exit.OK.code();
    }
    System.err.println(why.getMessage());
    return why instanceof JournalException ? Exit.ENVIRONMENT.code() : Exit.INTERNAL.code();
  }
}
