package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.loop.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What stands between us and one box: told in the box's log when it changes, and as a notice when
/// it stays, for otherwise the run would only time out.
final class Trouble {
  /// A box that has just begun to run takes its time until it lets anybody in.
  static final Duration STAYS = Duration.ofSeconds(90);

  private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

  private final Herald herald;
  private final Caller caller;
  private final InstanceId instance;
  private final Map<String, Met> met = new HashMap<>();
  private boolean announced;

  Trouble(Herald herald, Caller caller, InstanceId instance) {
    this.herald = herald;
    this.caller = caller;
    this.instance = instance;
  }

  /// Who is told.
  record Herald(Consumer<Event> loop, Board board, InstantSource clock) {}

  /// One kind of trouble, and since when.
  private record Met(String why, Instant since) {}

  /// It failed again.
  ///
  /// @param what which of the ways
  /// @param forGood no waiting will mend it
  synchronized void met(String what, String why, boolean forGood) {
    Instant now = herald.clock().instant();
    Met before = met.get(what);
    if (before == null || !before.why().equals(why)) {
      say("no way for the %s yet: %s".formatted(what, why));
    }
    Instant since = before == null ? now : before.since();
    met.put(what, new Met(why, since));
    if (forGood || !now.isBefore(since.plus(STAYS))) {
      announce(now, why);
    }
  }

  /// It works.
  synchronized void over(String what) {
    met.remove(what);
    LOG.atInfo()
        .setMessage("Tunnel open")
        .addKeyValue("box", caller)
        .addKeyValue("way", what)
        .log();
  }

  /// It worked until now.
  synchronized void broke(String what, String why) {
    say("the tunnel for the %s broke%s".formatted(what, why.isEmpty() ? "" : ": " + why));
  }

  private void say(String line) {
    herald.board().say(caller, line);
    LOG.atWarn().setMessage(line).addKeyValue("box", caller).log();
  }

  private void announce(Instant now, String why) {
    if (announced) {
      return;
    }
    announced = true;
    String what =
        "The box of rental %s (instance %s) cannot be reached: %s"
            .formatted(caller.rental(), instance, why);
    String next =
        "It bills while it runs. Try 'salvor shell %s'; 'salvor destroy %s' ends it."
            .formatted(instance, instance);
    Fact fact = new Fact.Announced(now, "no-way-" + caller.rental(), what, next);
    herald.loop().accept(new Event.Happened(caller.run(), fact));
  }
}
