package dev.salvor.controller.intake;

import dev.salvor.controller.core.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Keeps what it is told; journals at once, or when it is told to.
final class FakeHarbour implements Harbour {
  private final List<Heard> facts = new ArrayList<>();
  private final List<Progress> progress = new ArrayList<>();
  private final List<SeenReading> readings = new ArrayList<>();
  private final List<LogPiece> log = new ArrayList<>();
  private final List<String> goodbyes = new ArrayList<>();
  private final List<Caller> hungUp = new ArrayList<>();
  private final List<Runnable> unjournaled = new ArrayList<>();
  private boolean journaling = true;
  private int heard;

  /// A fact and who said it.
  record Heard(Caller caller, Fact fact) {}

  synchronized void journalLater() {
    journaling = false;
  }

  /// The journal catches up; newest first where asked, to see that order does not matter.
  void journalNow(boolean newestFirst) {
    List<Runnable> late;
    synchronized (this) {
      journaling = true;
      late = new ArrayList<>(newestFirst ? unjournaled.reversed() : unjournaled);
      unjournaled.clear();
    }
    late.forEach(Runnable::run);
  }

  synchronized List<LogPiece> log() {
    return List.copyOf(log);
  }

  @Override
  public synchronized void log(Caller caller, LogPiece piece, Instant at) {
    log.add(piece);
  }

  synchronized List<Fact> facts() {
    return facts.stream().map(Heard::fact).toList();
  }

  synchronized List<Heard> heardFacts() {
    return List.copyOf(facts);
  }

  synchronized List<Progress> progress() {
    return List.copyOf(progress);
  }

  synchronized List<SeenReading> readings() {
    return List.copyOf(readings);
  }

  synchronized List<String> goodbyes() {
    return List.copyOf(goodbyes);
  }

  synchronized List<Caller> hungUp() {
    return List.copyOf(hungUp);
  }

  synchronized int heard() {
    return heard;
  }

  @Override
  public synchronized void heard(Caller caller) {
    heard++;
  }

  @Override
  public void fact(Caller caller, Fact fact, Runnable journaled) {
    synchronized (this) {
      facts.add(new Heard(caller, fact));
      if (!journaling) {
        unjournaled.add(journaled);
        return;
      }
    }
    journaled.run();
  }

  @Override
  public synchronized void progress(Caller caller, Progress seen) {
    progress.add(seen);
  }

  @Override
  public synchronized void readings(Caller caller, List<SeenReading> seen) {
    readings.addAll(seen);
  }

  @Override
  public synchronized void goodbye(Caller caller, String reason) {
    goodbyes.add(reason);
  }

  @Override
  public synchronized void hungUp(Caller caller) {
    hungUp.add(caller);
  }

  @Override
  public Lease lease(Caller caller) {
    return new Lease(
        Duration.ofSeconds(2), Instant.ofEpochMilli(1_000_000), Duration.ofHours(2), true);
  }

  @Override
  public long acknowledged(Caller caller, int boot) {
    return 0;
  }
}
