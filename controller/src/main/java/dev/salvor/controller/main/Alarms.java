package dev.salvor.controller.main;

import dev.salvor.controller.ca.Alarm;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.intake.Berths;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.loop.Event;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns alarms of the authority into notices that a person must take note of, and cuts off who is
/// not to be listened to.
final class Alarms implements Consumer<Alarm> {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

  private final Consumer<Event> loop;
  private final InstantSource clock;
  private final CompletableFuture<Berths> berths = new CompletableFuture<>();
  private final CompletableFuture<Rearming> rearming = new CompletableFuture<>();

  Alarms(Consumer<Event> loop, InstantSource clock) {
    this.loop = loop;
    this.clock = clock;
  }

  /// The intake listens: from now on there are streams to cut.
  void open(Berths opened) {
    berths.complete(opened);
  }

  /// From now on a box that lost its key can be helped.
  void open(Rearming opened) {
    rearming.complete(opened);
  }

  @Override
  public void accept(Alarm alarm) {
    LOG.atError().setMessage("An identity in wrong hands").addKeyValue("alarm", alarm).log();
    RentalRef ref = alarm.box().rental();
    switch (alarm) {
      // It asks the platform and the box: the caller does not wait for that.
      case Alarm.Reused reused -> Thread.ofVirtual().name("rearm-" + ref).start(() -> mend(reused));
      case Alarm.Cloned cloned -> {
        notice(alarm, Permits.CLONED + ref, cloned(cloned), look(alarm));
        Berths now = berths.getNow(null);
        if (now != null) {
          now.cut(new Caller(alarm.box().run(), ref), "two boxes spoke as this one");
        }
      }
    }
  }

  private void mend(Alarm.Reused alarm) {
    RentalRef ref = alarm.box().rental();
    Rearming now = rearming.getNow(null);
    Rearming.Came came =
        now == null
            ? new Rearming.Came.NoWay("the controller is still starting")
            : now.mend(alarm.box(), alarm.key());
    LOG.atInfo().setMessage("A used token").addKeyValue("box", ref).addKeyValue("came", came).log();
    switch (came) {
      case Rearming.Came.Armed _ ->
          notice(alarm, "key-lost-" + ref, armed(ref), "Nothing: it dials in again by itself.");
      case Rearming.Came.Stranger _ ->
          notice(alarm, "token-copied-" + ref, copied(ref), distrust(alarm));
      case Rearming.Came.NoWay way ->
          notice(alarm, "token-reused-" + ref, reused(ref, way.why()), lostKey(alarm));
      case Rearming.Came.JustNow _ -> {
        // What came of it was told.
      }
    }
  }

  private void notice(Alarm alarm, String key, String what, String next) {
    Fact fact = new Fact.Announced(clock.instant(), key, what, next);
    loop.accept(new Event.Happened(alarm.box().run(), fact));
  }

  private static String armed(RentalRef ref) {
    return ("The box of rental %s lost its key, as its disk was changed. It was given a new join"
            + " token by ssh")
        .formatted(ref);
  }

  private static String copied(RentalRef ref) {
    return ("The join token of rental %s was shown again with a key that its box does not have, and"
            + " refused: somebody copied the token")
        .formatted(ref);
  }

  private static String distrust(Alarm alarm) {
    return ("Nothing is lost: a token is good once. Do not trust its host with more; 'salvor"
            + " destroy %s' brings everything home and ends the run there.")
        .formatted(alarm.box().run());
  }

  private static String reused(RentalRef ref, String why) {
    return ("The join token of rental %s was shown again with another key, and refused: the box"
            + " lost its key, or somebody copied the token. It could not be helped: %s")
        .formatted(ref, why);
  }

  private static String lostKey(Alarm alarm) {
    return ("If the box of the rental is silent it lost its key: 'salvor destroy %s' brings home"
            + " what its disk holds. If it speaks, nothing is lost, and its host is not to be"
            + " trusted.")
        .formatted(alarm.box().run());
  }

  private static String cloned(Alarm.Cloned alarm) {
    return ("Two boxes speak as rental %s: one showed join sequence %d where %d was shown last and"
            + " %d was given out. Its disk was copied, or put back to an older state. Neither"
            + " is listened to any more")
        .formatted(
            alarm.box().rental(),
            alarm.shown(),
            alarm.known().acknowledged(),
            alarm.known().issued());
  }

  private static String look(Alarm alarm) {
    return ("Its job may go on, unseen and billed, until its lease ends. Look at the instance on"
            + " the provider's page; 'salvor destroy %1$s' stops it, brings home what its disk"
            + " holds and ends the run, and running it again goes on from the frontier.")
        .formatted(alarm.box().run());
  }
}
