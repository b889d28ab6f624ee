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

/// What stands between us and one box: told in the box's log when it is more than a moment, and as
/// a notice when it stays, for otherwise the run would only time out.
final class Trouble {
  /// Boxes end, and ways break and come back, in less.
  static final Duration MOMENT = Duration.ofSeconds(10);

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

  /// One kind of trouble, since when, and what was said of it last.
  private record Met(Instant since, String said) {}

  /// It failed again.
  ///
  /// @param what which of the ways
  /// @param forGood no waiting will mend it
  synchronized void met(String what, String why, boolean forGood) {
    Instant now = herald.clock().instant();
    Met before = met.getOrDefault(what, new Met(now, ""));
    LOG.atInfo().setMessage(why).addKeyValue("box", caller).addKeyValue("way", what).log();
    boolean lasts = forGood || !now.isBefore(before.since().plus(MOMENT));
    if (lasts && !before.said().equals(why)) {
      herald.board().say(caller, "no way for the %s: %s".formatted(what, why));
    }
    met.put(what, new Met(before.since(), lasts ? why : before.said()));
    if (forGood || !now.isBefore(before.since().plus(STAYS))) {
      announce(now, why);
    }
  }

  /// It works.
  synchronized void over(String what) {
    met.remove(what);
    LOG.atInfo()
        .setMessage("A way is open")
        .addKeyValue("box", caller)
        .addKeyValue("way", what)
        .log();
  }

  /// It worked until now: often its box has only ended.
  void broke(String what, String why) {
    LOG.atInfo()
        .setMessage("A way broke")
        .addKeyValue("box", caller)
        .addKeyValue("way", what)
        .addKeyValue("why", why)
        .log();
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
