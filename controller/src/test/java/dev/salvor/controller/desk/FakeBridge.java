package dev.salvor.controller.desk;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.view.Snapshot;
import dev.salvor.controller.view.Story;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A controller that folds what it is told into stories, and does nothing about it.
public final class FakeBridge implements Bridge {
  private final Map<RunId, Story> stories = new LinkedHashMap<>();
  private Optional<DeskException> refusal = Optional.empty();
  private Instant now = Story.START;

  public synchronized FakeBridge with(Story story) {
    stories.put(story.run(), story);
    now = story.now().isAfter(now) ? story.now() : now;
    return this;
  }

  /// From now on nothing is journaled.
  public synchronized void refuse(DeskException why) {
    refusal = Optional.of(why);
  }

  public synchronized Story story(String run) {
    return Optional.ofNullable(stories.get(new RunId(run))).orElseThrow();
  }

  public synchronized void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized List<RunId> runs() {
    return List.copyOf(stories.keySet());
  }

  @Override
  public synchronized Optional<Snapshot> snapshot(RunId run) {
    return Optional.ofNullable(stories.get(run)).map(Story::snapshot);
  }

  @Override
  public synchronized void submit(RunId run, Fact fact) throws DeskException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    if (fact instanceof Fact.RunRequested) {
      stories.put(run, Story.asked(run.value()));
    } else {
      Optional.ofNullable(stories.get(run)).orElseThrow().then(fact);
    }
  }
}
