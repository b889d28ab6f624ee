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
  private volatile Map<Caller, Instant> until = Map.of();

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
    Unattended rules = policy.unattended();
    Instant granted = until.getOrDefault(caller, now.plus(rules.grace()));
    return new Lease(ttl, granted, rules.grace(), rules.startsAlone());
  }

  /// On the loop's thread.
  private void write(Runs runs) {
    Instant now = clock.instant();
    Map<Caller, Instant> next = new HashMap<>();
    runs.states()
        .forEach((run, state) ->
            state
                .rentals()
                .keySet()
                .forEach(
                    ref -> next.put(new Caller(run, ref), Leases.until(state, ref, policy, now))));
    until = next;
  }
}
