package dev.salvor.controller.main;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.WrittenFrames;
import dev.salvor.controller.loop.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent left on its disk before it stopped its own box: the end of the job and the reason,
/// which it could tell nobody. Told as if it had come over the link, and checked as much.
final class LastWords {
  /// The folder of the agent's home that holds nothing else.
  static final String ON_BOX = "/root/.salvor/words";

  private static final String FILE = "last";

  /// A few reports with the end of a log.
  private static final long MAX_BYTES = 256 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);

  private final Consumer<Event> loop;
  private final InstantSource clock;

  LastWords(Consumer<Event> loop, InstantSource clock) {
    this.loop = loop;
    this.clock = clock;
  }

  /// Tells what a fetched folder holds; nothing where there is none.
  void read(Caller caller, Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
      return;
    }
    try {
      List<Fact> facts = WrittenFrames.facts(caller, Files.readAllBytes(file), clock.instant());
      facts.forEach(fact -> loop.accept(new Event.Happened(caller.run(), fact)));
    } catch (IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("box", caller)
          .addKeyValue("why", e.getMessage())
          .log("the last words of a box do not hold");
    }
  }
}
