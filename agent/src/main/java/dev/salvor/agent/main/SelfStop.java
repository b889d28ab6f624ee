package dev.salvor.agent.main;

import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.Report;
import dev.salvor.agent.link.FrameCodec;
import dev.salvor.agent.loop.PlatformPort;
import dev.salvor.agent.platform.BoxKey;
import dev.salvor.agent.platform.RentalStop;
import dev.salvor.agent.state.LastWords;
import dev.salvor.agent.state.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops the box, after writing beside its disk's cargo how it came to that: who reads the paused
/// disk has nobody to ask.
final class SelfStop implements PlatformPort {
  private static final Logger LOG = LoggerFactory.getLogger(SelfStop.class);

  /// The start, the end and the reason of a boot, and some to spare.
  private static final int MAX_WORDS = 8;

  private final Optional<BoxKey> key;
  private final Spool spool;
  private final LastWords words;
  private final Consumer<AgentEvent> inbox;

  SelfStop(Optional<BoxKey> key, Spool spool, LastWords words, Consumer<AgentEvent> inbox) {
    this.key = key;
    this.spool = spool;
    this.words = words;
    this.inbox = inbox;
  }

  @Override
  public void stopRental() {
    try {
      words.write(unsent());
    } catch (IOException e) {
      // A full disk must not keep the meter running.
      LOG.atWarn().addKeyValue("why", e).log("the last words could not be written down");
    }
    if (key.isEmpty()) {
      inbox.accept(new AgentEvent.RentalNotStopped("this box has no key of the platform"));
      return;
    }
    new RentalStop(key.get(), inbox).start();
  }

  private List<byte[]> unsent() throws IOException {
    List<byte[]> frames = new ArrayList<>();
    for (var next = spool.after(0); next.isPresent(); next = spool.after(next.get().seq())) {
      Spool.Entry entry = next.get();
      if (tells(FrameCodec.read(entry.content()))) {
        frames.add(entry.content());
      }
    }
    return frames.subList(Math.max(0, frames.size() - MAX_WORDS), frames.size());
  }

  private static boolean tells(Report report) {
    return report instanceof Report.JobStarted
        || report instanceof Report.JobEnded
        || report instanceof Report.SelfStopped;
  }
}
