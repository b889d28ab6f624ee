package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The faults that are still to come, kept across restarts so that none comes twice.
final class Faults {
  /// A list longer than this is a mistake.
  private static final int MAX = 1000;

  private final List<Armed> armed = new ArrayList<>();
  private final long seed;
  private int ever;
  private boolean everArmed;

  Faults(long seed) {
    this.seed = seed;
  }

  /// A fault as it was given, how often it may still come, which one it was, since when it is armed
  /// and how many of its occasions have passed.
  record Kept(JsonNode json, int left, int nth, long armedMs, long occasions) {}

  /// A fault and how often it may still come.
  static final class Armed {
    final Fault fault;
    final JsonNode json;
    private final int nth;
    private int left;
    private long armedMs;
    private long occasions;
    private long second = -1;

    private Armed(Fault fault, JsonNode json, int nth) {
      this.fault = fault;
      this.json = json;
      this.nth = nth;
      this.left = fault.often().times();
    }

    private boolean open(long nowMs) {
      return nowMs - armedMs >= fault.often().atS() * 1000;
    }

    /// An occasion of a fault that strikes is a second of running, however often it is looked at.
    private boolean freshSecond(long nowMs) {
      boolean fresh = nowMs / 1000 != second;
      second = nowMs / 1000;
      return fresh || fault.often().probability() >= 1;
    }
  }

  /// A running instance that a fault waits for to write a path.
  record Watch(Armed armed, long instance, Fault.Trigger.PathReaches path) {}

  /// Arms one fault, or all of a list; nothing is armed where anything is wrong.
  int add(JsonNode json, long nowMs, List<String> problems) {
    var fresh = new ArrayList<Armed>();
    for (JsonNode one : json.isArray() ? json : List.of(json)) {
      Fault.parse(one, problems)
          .forEach(fault -> fresh.add(new Armed(fault, one.deepCopy(), ever + fresh.size())));
    }
    fresh.forEach(one -> one.armedMs = nowMs);
    if (armed.size() + fresh.size() > MAX) {
      problems.add("more than " + MAX + " faults");
    }
    if (problems.isEmpty()) {
      armed.addAll(fresh);
      ever += fresh.size();
      everArmed = true;
    }
    return fresh.size();
  }

  void restore(boolean before) {
    everArmed = before;
  }

  boolean everArmed() {
    return everArmed;
  }

  void restore(Kept kept) {
    Fault.parse(kept.json(), new ArrayList<>()).forEach(fault -> armed.add(restored(fault, kept)));
    ever = Math.max(ever, kept.nth() + 1);
  }

  private static Armed restored(Fault fault, Kept kept) {
    var one = new Armed(fault, kept.json(), kept.nth());
    one.left = kept.left();
    one.armedMs = kept.armedMs();
    one.occasions = kept.occasions();
    return one;
  }

  List<Kept> kept() {
    return armed.stream()
        .map(one -> new Kept(one.json, one.left, one.nth, one.armedMs, one.occasions))
        .toList();
  }

  /// Spends one of a fault that waits for a call or a start.
  Optional<Fault> take(Fault.Kind kind, long nowMs, Predicate<Fault> fits) {
    Optional<Armed> found =
        armed.stream()
            .filter(one -> one.fault.kind() == kind && fits.test(one.fault) && one.open(nowMs))
            .filter(this::isLucky)
            .findFirst();
    found.ifPresent(this::spend);
    return found.map(one -> one.fault);
  }

  /// Whether one is armed that would come, without spending it.
  boolean lies(Fault.Kind kind, long nowMs, Predicate<Fault> fits) {
    return armed.stream()
        .anyMatch(one -> one.fault.kind() == kind && fits.test(one.fault) && one.open(nowMs));
  }

  private boolean isLucky(Armed one) {
    return Chance.comes(seed, one.nth, one.occasions++, one.fault.often().probability());
  }

  /// The faults whose time has come for an instance, each spent once.
  List<Fault> strike(Instance instance, long nowMs, List<Watch> reached) {
    var due = new ArrayList<Fault>();
    if (instance.life().stage() != Stage.RUNNING) {
      return due;
    }
    for (Armed one : List.copyOf(armed)) {
      Fault fault = one.fault;
      if (fault.kind().strikes()
          && fault.concerns(instance.id())
          && one.open(nowMs)
          && isDue(one, instance, nowMs, reached)
          && one.freshSecond(nowMs)
          && isLucky(one)) {
        spend(one);
        due.add(fault);
      }
    }
    return due;
  }

  List<Watch> watches(Iterable<Instance> instances) {
    var all = new ArrayList<Watch>();
    for (Instance instance : instances) {
      for (Armed one : armed) {
        if (instance.life().stage() == Stage.RUNNING
            && one.fault.concerns(instance.id())
            && one.fault.trigger() instanceof Fault.Trigger.PathReaches path) {
          all.add(new Watch(one, instance.id(), path));
        }
      }
    }
    return all;
  }

  private static boolean isDue(Armed one, Instance instance, long nowMs, List<Watch> reached) {
    return switch (one.fault.trigger()) {
      case Fault.Trigger.AfterRunning after ->
          nowMs - instance.life().sinceMs() >= after.seconds() * 1000;
      case Fault.Trigger.PathReaches _ ->
          reached.stream().anyMatch(w -> w.armed() == one && w.instance() == instance.id());
    };
  }

  private void spend(Armed one) {
    one.left--;
    if (one.left <= 0) {
      armed.remove(one);
    }
  }
}
