package dev.salvor.controller.desk;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.Snapshot;
import dev.salvor.controller.view.Story;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A controller that folds what it is told into stories, and does nothing about it.
public final class FakeBridge implements Bridge {
  private final Map<RunId, Story> stories = new LinkedHashMap<>();
  private final Map<RunId, Map<String, Secret>> kept = new LinkedHashMap<>();
  private final Map<Long, Stranger> strangers = new LinkedHashMap<>();
  private final Map<RunId, Fact> begun = new LinkedHashMap<>();
  private List<String> printed = List.of();
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

  public synchronized Map<String, Secret> secrets(String run) {
    return kept.getOrDefault(new RunId(run), Map.of());
  }

  @Override
  public synchronized void keep(RunId run, Map<String, Secret> secrets) {
    kept.put(run, secrets);
  }

  /// A platform that has instance 7001 and no other.
  @Override
  public DoorView door(long instance, String key) throws DeskException {
    if (instance != 7001) {
      throw new DeskException(DeskException.Kind.NOT_FOUND, "no instance " + instance);
    }
    List<String> words = List.of("ssh", "-i", key.isEmpty() ? "usual" : key);
    return new DoorView(
        instance,
        "",
        "running",
        UsdPerHour.of(0.35),
        "192.0.2.7",
        Map.of("22/tcp", 40022, "8080/tcp", 40080),
        new DoorView.Way("ssh://root@192.0.2.7:40022", true, words, "root@192.0.2.7"));
  }

  /// The log is read out at once.
  @Override
  public synchronized boolean wantLog(RunState run, int tail, Duration during) {
    Story story = stories.get(run.spec().run());
    if (story == null || printed.isEmpty()) {
      return false;
    }
    story.printed(printed, now);
    return true;
  }

  /// What the box's job has printed.
  public synchronized void prints(List<String> lines) {
    printed = List.copyOf(lines);
  }

  @Override
  public synchronized Optional<Stranger> stranger(long instance) {
    return Optional.ofNullable(strangers.get(instance));
  }

  /// An instance of the account that no run has.
  public synchronized FakeBridge with(Stranger stranger) {
    strangers.put(stranger.instance().value(), stranger);
    return this;
  }

  /// Facts of runs that no story tells.
  public synchronized Map<RunId, Fact> begun() {
    return Map.copyOf(begun);
  }

  @Override
  public synchronized void submit(RunId run, Fact fact) throws DeskException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    if (fact instanceof Fact.BoxAbandoned) {
      begun.put(run, fact);
    } else if (fact instanceof Fact.RunRequested) {
      stories.put(run, Story.asked(run.value()));
    } else {
      Optional.ofNullable(stories.get(run)).orElseThrow().then(fact);
    }
  }
}
