package dev.salvor.controller.main;

import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Unattended;
import dev.salvor.controller.core.rule.Leases;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.Lease;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.loop.Runs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// What beats are answered with: read off the runs now and then, so that a beat waits for nothing.
final class LeaseBook {
  /// Money runs out over hours; a lease that is this old is as good as new.
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Consumer<Event> loop;
  private final Policy policy;
  private final Duration ttl;
  private final InstantSource clock;
  private final AtomicReference<Instant> asked = new AtomicReference<>(Instant.EPOCH);
  private volatile Map<Caller, Granted> known = Map.of();

  /// What a box may do, as of the last look.
  private record Granted(Instant until, Unattended rules) {}

  LeaseBook(Consumer<Event> loop, Policy policy, Duration ttl, InstantSource clock) {
    this.loop = loop;
    this.policy = policy;
    this.ttl = ttl;
    this.clock = clock;
  }

  Lease lease(Caller caller) {
    Instant now = clock.instant();
    Instant last = asked.get();
    if (now.isAfter(last.plus(FRESH)) && asked.compareAndSet(last, now)) {
      loop.accept(new Event.Asked(this::write));
    }
    Granted granted = known.get(caller);
    if (granted == null) {
      Unattended usual = policy.unattended();
      return new Lease(ttl, now.plus(usual.grace()), usual.grace(), usual.startsAlone());
    }
    Unattended rules = granted.rules();
    return new Lease(ttl, granted.until(), rules.grace(), rules.startsAlone());
  }

  /// On the loop's thread.
  private void write(Runs runs) {
    Instant now = clock.instant();
    Map<Caller, Granted> next = new HashMap<>();
    runs.states()
        .forEach((run, state) -> {
          Unattended rules = Leases.rules(state, policy);
          state
              .rentals()
              .keySet()
              .forEach(ref ->
                  next.put(
                      new Caller(run, ref),
                      new Granted(Leases.until(state, ref, policy, now), rules)));
        });
    known = next;
  }
}
