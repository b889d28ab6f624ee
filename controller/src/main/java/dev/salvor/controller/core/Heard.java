package dev.salvor.controller.core;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the job's log said that its user has a policy for, and what came of it.
///
/// @param open the newest line of each policy that is not answered yet
/// @param times how often each policy was answered, one more than its bound where that was told
/// @param begun the newest answer that starts the job again, here or elsewhere
public record Heard(
    SortedMap<Integer, Fact.LogMatched> open,
    SortedMap<Integer, Integer> times,
    Fact.LogAnswered begun) {
  static final Heard NOTHING =
      new Heard(
          new TreeMap<>(),
          new TreeMap<>(),
          new Fact.LogAnswered(Instant.EPOCH, new RentalRef(1, 1), 0, 0, 0, ""));

  public Heard {
    open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
    times = Collections.unmodifiableSortedMap(new TreeMap<>(times));
  }

  /// The line was printed by the start of the job that this rental is at.
  public static boolean concerns(Rental r, Fact.LogMatched line) {
    return isAt(r, line.rental(), line.boot(), line.start());
  }

  /// The job of this start is to be started again by a policy, whatever becomes of it here.
  public boolean startsAgain(RunSpec spec, Rental r) {
    return begunFor(r)
        || open.values().stream()
            .anyMatch(line ->
                concerns(r, line) && restarts(spec, line.policy()) && !spent(spec, line.policy()));
  }

  /// An answer that starts it again was begun.
  public boolean begunFor(Rental r) {
    return isAt(r, begun.rental(), begun.boot(), begun.start());
  }

  /// It was followed as often as it may be.
  public boolean spent(RunSpec spec, int policy) {
    return count(policy) >= policy(spec, policy).times();
  }

  public int count(int policy) {
    return times.getOrDefault(policy, 0);
  }

  /// Policies count from 1.
  public static LogPolicy policy(RunSpec spec, int number) {
    return spec.job().care().onLog().get(number - 1);
  }

  /// A line of a start that is over changes nothing any more; of a policy that was spent, and told
  /// to be, no line does.
  static RunState matched(RunState s, Fact.LogMatched f) {
    Rental r = s.rentals().get(f.rental());
    Heard heard = s.learned().heard();
    if (r == null || f.policy() < 1 || f.policy() > s.spec().job().care().onLog().size()) {
      return s;
    }
    LogPolicy policy = policy(s.spec(), f.policy());
    boolean late = f.boot() != r.aboard().boot() || f.start() < r.aboard().start();
    if (heard.count(f.policy()) > policy.times()
        || (late && policy.answer() != LogPolicy.Answer.NOTIFY)) {
      return s;
    }
    SortedMap<Integer, Fact.LogMatched> next = new TreeMap<>(heard.open);
    next.put(f.policy(), f);
    return s.with(s.learned().with(new Heard(next, heard.times, heard.begun)));
  }

  static RunState answered(RunState s, Fact.LogAnswered f) {
    Heard heard = s.learned().heard();
    boolean begins = restarts(s.spec(), f.policy()) && !heard.spent(s.spec(), f.policy());
    SortedMap<Integer, Fact.LogMatched> open = new TreeMap<>(heard.open);
    open.remove(f.policy());
    SortedMap<Integer, Integer> times = new TreeMap<>(heard.times);
    times.merge(f.policy(), 1, Integer::sum);
    return s.with(s.learned().with(new Heard(open, times, begins ? f : heard.begun)));
  }

  private static boolean restarts(RunSpec spec, int policy) {
    return switch (policy(spec, policy).answer()) {
      case RESTART, LEAVE -> true;
      case STOP, CHECKPOINT, NOTIFY -> false;
    };
  }

  private static boolean isAt(Rental r, RentalRef ref, int boot, int start) {
    boolean there = r.ref().equals(ref) && r.aboard().boot() == boot;
    return there && boot > 0 && r.aboard().start() == start;
  }
}
