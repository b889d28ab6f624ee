package dev.salvor.controller.main;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.Harbour;
import dev.salvor.controller.intake.Lease;
import dev.salvor.controller.intake.LogPiece;
import dev.salvor.controller.intake.Progress;
import dev.salvor.controller.intake.SeenReading;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.view.Vitals;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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

  private static final int MAX_GOALS = 20;

  /// Bounded by the boxes that the journal knows.
  private final Map<Caller, Goal> goals = new ConcurrentHashMap<>();

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
    goal(caller, progress.totalSteps());
  }

  /// Where the job ends matters for a deadline; a log that names ever new ends says nothing.
  private void goal(Caller caller, long total) {
    Goal known = goals.getOrDefault(caller, Goal.NONE);
    if (total > 0 && total != known.total() && known.changes() < MAX_GOALS) {
      goals.put(caller, new Goal(total, known.changes() + 1));
      Fact seen = new Fact.GoalSeen(clock.instant(), caller.rental(), total);
      loop.accept(new Event.Happened(caller.run(), seen));
    }
  }

  /// The end that a job named last, and how often it named a new one.
  private record Goal(long total, int changes) {
    static final Goal NONE = new Goal(0, 0);
  }

  @Override
  public void readings(Caller caller, List<SeenReading> readings) {
    board.note(caller, readings, clock.instant());
    for (SeenReading reading : readings) {
      Health.of(caller, reading, clock.instant())
          .filter(fact -> told.add(caller.run() + " " + fact.key()))
          .ifPresent(fact -> loop.accept(new Event.Happened(caller.run(), fact)));
    }
    if (readings.stream().anyMatch(reading -> reading.probe().equals("gpu"))) {
      judgeCards(caller);
    }
    for (SeenReading reading : readings) {
      // What one card does not say is no news; that a whole probe sees nothing is.
      if (reading.what() instanceof SeenReading.Absent absent
          && reading.name().equals(reading.probe())
          && told.add(caller + " " + reading.probe() + " " + reading.name())) {
        String line =
            "%s %s is absent: %s".formatted(reading.probe(), reading.name(), absent.why());
        board.say(caller, line);
        LOG.atInfo().setMessage(line).addKeyValue("box", caller).log();
      }
    }
  }

  /// By all that is known of them: what changed may be one number of forty.
  private void judgeCards(Caller caller) {
    Vitals vitals = board.of(caller.run()).vitals();
    if (vitals.rental().equals(caller.rental().toString())) {
      for (Fact.Announced fact : Health.of(caller, vitals, clock.instant())) {
        if (told.add(caller.run() + " " + fact.key())) {
          loop.accept(new Event.Happened(caller.run(), fact));
        }
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
