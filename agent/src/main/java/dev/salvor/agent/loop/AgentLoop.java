package dev.salvor.agent.loop;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentCore;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.AgentState;
import dev.salvor.agent.core.Step;
import java.io.IOException;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The one thread that steps the core and does what it says, in order.
public final class AgentLoop {
  private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);

  /// Wakes at least this often, so that a clock that jumped does not strand it.
  private static final long MAX_WAIT_MS = 5_000;

  private final Inbox inbox;
  private final Ports ports;
  private final Ticker ticker;
  private AgentState state;
  private long dial;

  public AgentLoop(AgentState state, Inbox inbox, Ports ports, Ticker ticker) {
    this.state = state;
    this.inbox = inbox;
    this.ports = ports;
    this.ticker = ticker;
  }

  /// Runs until the core ends it; returns the exit code. An IOException is a disk that cannot hold
  /// our state: the supervisor starts us again.
  public int run() throws IOException, InterruptedException {
    OptionalInt exit = step(new AgentEvent.Started());
    while (exit.isEmpty()) {
      exit = turn();
    }
    return exit.getAsInt();
  }

  /// Waits for one event, at most until the core wants to be woken, and steps.
  OptionalInt turn() throws IOException, InterruptedException {
    long wait = AgentCore.nextWake(state) - ticker.now().monoMs();
    Inbox.Item item = inbox.poll(Math.clamp(wait, 0, MAX_WAIT_MS));
    if (item == null) {
      return step(new AgentEvent.Tick());
    }
    if (item.dial() != 0 && item.dial() != dial) {
      return OptionalInt.empty();
    }
    return step(item.event());
  }

  OptionalInt step(AgentEvent event) throws IOException {
    Step step = AgentCore.step(state, event, ticker.now());
    state = step.state();
    for (Action action : step.actions()) {
      if (action instanceof Action.Exit exit) {
        return OptionalInt.of(exit.code());
      }
      act(action);
    }
    boolean full = ports.store().isFull();
    return full == state.outbox().full()
        ? OptionalInt.empty()
        : step(new AgentEvent.SpoolFilled(full));
  }

  AgentState state() {
    return state;
  }

  private void act(Action action) throws IOException {
    switch (action) {
      case Action.Spool spool -> ports.store().spool(spool.seq(), spool.atMs(), spool.report());
      case Action.Save save -> ports.store().save(save.memory());
      case Action.Trim trim -> ports.store().trim(trim.seq());
      case Action.Say say -> say(say);
      case Action.Dial begun -> dial(begun);
      case Action.HangUp hangUp -> {
        dial++;
        ports.link().act(hangUp);
      }
      case Action.ForLink forLink -> ports.link().act(forLink);
      case Action.ForJob forJob -> ports.job().act(forJob);
      case Action.ForCargo forCargo -> ports.cargo().act(forCargo);
      case Action.StopRental _ -> ports.platform().stopRental();
      case Action.RunGate gate -> ports.gate().check(gate);
      case Action.TakeReadings _ -> ports.probes().takeReadings();
      case Action.Exit _ -> throw new IllegalStateException("The caller ends on Exit");
    }
  }

  private void dial(Action.Dial begun) {
    dial++;
    long mine = dial;
    ports.link().dial(begun, event -> inbox.put(event, mine));
  }

  private static void say(Action.Say say) {
    LoggingEventBuilder line =
        switch (say.level()) {
          case INFO -> LOG.atInfo();
          case WARN -> LOG.atWarn();
          case ERROR -> LOG.atError();
        };
    for (var fact : say.facts().entrySet()) {
      line = line.addKeyValue(fact.getKey(), fact.getValue());
    }
    line.log(say.message());
  }
}
