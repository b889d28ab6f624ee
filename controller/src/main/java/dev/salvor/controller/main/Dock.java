package dev.salvor.controller.main;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.Harbour;
import dev.salvor.controller.intake.Lease;
import dev.salvor.controller.intake.LogPiece;
import dev.salvor.controller.intake.Progress;
import dev.salvor.controller.intake.SeenReading;
import dev.salvor.controller.loop.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands what boxes say to the loop.
final class Dock implements Harbour {
  private static final Logger LOG = LoggerFactory.getLogger(Dock.class);

  private final Consumer<Event> loop;
  private final Board board;
  private final LeaseBook leases;
  private final InstantSource clock;

  /// What was said to be absent, so that it is said once a box; bounded by boxes and probes.
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  Dock(Consumer<Event> loop, Board board, LeaseBook leases, InstantSource clock) {
    this.loop = loop;
    this.board = board;
    this.leases = leases;
    this.clock = clock;
  }

  @Override
  public void heard(Caller caller) {
    loop.accept(new Event.Heard(caller.run(), caller.rental(), clock.instant()));
  }

  @Override
  public void fact(Caller caller, Fact fact, Runnable journaled) {
    loop.accept(new Event.Happened(caller.run(), fact, journaled));
  }

  @Override
  public void progress(Caller caller, Progress progress) {
    board.note(caller, progress, clock.instant());
  }

  @Override
  public void readings(Caller caller, List<SeenReading> readings) {
    for (SeenReading reading : readings) {
      if (reading.what() instanceof SeenReading.Absent absent
          && told.add(caller + " " + reading.probe() + " " + reading.name())) {
        String line =
            "%s %s is absent: %s".formatted(reading.probe(), reading.name(), absent.why());
        board.say(caller, line);
        LOG.atInfo().setMessage(line).addKeyValue("box", caller).log();
      }
    }
  }

  @Override
  public void log(Caller caller, LogPiece piece, Instant at) {
    board.note(caller, piece, at);
  }

  @Override
  public void goodbye(Caller caller, String reason) {
    LOG.atInfo()
        .setMessage("Goodbye")
        .addKeyValue("box", caller)
        .addKeyValue("reason", reason)
        .log();
  }

  @Override
  public void hungUp(Caller caller) {
    LOG.atInfo().setMessage("Hung up").addKeyValue("box", caller).log();
  }

  @Override
  public Lease lease(Caller caller) {
    return leases.lease(caller);
  }

  @Override
  public long acknowledged(Caller caller, int boot) {
    // After a restart a box may tell again what it told before: folding it twice changes nothing.
    return 0;
  }
}
