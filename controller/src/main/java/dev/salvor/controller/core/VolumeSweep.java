package dev.salvor.controller.core;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Watch.Noticed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds volumes of the account that bill and that no run uses, once each, and sees when they are
/// gone. They carry no fleet's name: whose they are only their owner knows.
final class VolumeSweep {
  /// A listing with more is a defect of its own.
  private static final int MOST = 50;

  /// One list may still be an old one.
  private static final int ABSENT_LISTS = 2;

  private static final Usd ANY = Usd.of(1_000_000);

  private final Map<Long, Integer> absences = new HashMap<>();

  /// What a volume's notice is known by, in whatever run it is.
  static String key(long volume) {
    return "volume-" + volume;
  }

  List<Noticed> look(Bill bill, Map<RunId, RunState> runs) {
    if (!bill.shelf().listed()) {
      return List.of();
    }
    Set<Long> there = new HashSet<>();
    List<Noticed> noticed = new ArrayList<>();
    for (Bill.Volume volume : bill.shelf().volumes()) {
      there.add(volume.id());
      absences.remove(volume.id());
      if (noticed.size() < MOST && runs.values().stream().noneMatch(s -> cares(s, volume.id()))) {
        RunId name = name(volume.id(), runs);
        noticed.add(new Noticed(name, found(name, volume, bill.at())));
      }
    }
    runs.forEach((run, s) ->
        over(s, there, runs)
            .ifPresent(why -> noticed.add(new Noticed(run, new Fact.VolumeGone(bill.at(), why)))));
    return noticed;
  }

  /// It is this run's, or was told of there.
  private static boolean cares(RunState s, long volume) {
    return uses(s, volume)
        || (s.spec().box().volume().id() == volume && (s.looksOn() || s.announced(key(volume))));
  }

  private static boolean uses(RunState s, long volume) {
    return s.spec().box().volume().id() == volume && !s.looksOn() && !s.over();
  }

  private static RunId name(long volume, Map<RunId, RunState> runs) {
    RunId usual = new RunId(key(volume));
    return runs.containsKey(usual) ? new RunId(key(volume) + "-of-the-account") : usual;
  }

  /// Why the entry of a volume is over.
  private Optional<String> over(RunState s, Set<Long> there, Map<RunId, RunState> runs) {
    long volume = s.spec().box().volume().id();
    if (s.over() || !s.looksOn() || volume == 0) {
      return Optional.empty();
    }
    if (!there.contains(volume)) {
      return absences.merge(volume, 1, Integer::sum) >= ABSENT_LISTS
          ? Optional.of("the platform lists it no more")
          : Optional.empty();
    }
    return runs.values().stream()
        .filter(other -> uses(other, volume))
        .findFirst()
        .map(other -> "run %s uses it now".formatted(other.spec().run()));
  }

  private static Fact found(RunId name, Bill.Volume volume, Instant now) {
    RunSpec.Box usual = RunSpec.Box.USUAL;
    RunSpec.Box box =
        new RunSpec.Box(
            usual.runtype(),
            usual.entrypoint(),
            usual.env(),
            usual.ports(),
            usual.packages(),
            usual.sync(),
            usual.proxy(),
            new RunSpec.Volume(volume.id(), ""));
    RunSpec spec =
        new RunSpec(
                name,
                new RunSpec.Job(words(volume), "/", Map.of(), List.of(), List.of()),
                RunSpec.Market.none(1),
                new RunSpec.Finish(RunSpec.After.KEEP, false),
                ANY)
            .with(box);
    return new Fact.VolumeFound(now, spec, volume.price());
  }

  private static String words(Bill.Volume volume) {
    String users =
        switch (volume.instances()) {
          case 0 -> "in no instance";
          case 1 -> "in one instance";
          default -> "in %d instances".formatted(volume.instances());
        };
    String named = volume.name().equals("V." + volume.id()) ? "" : volume.name() + ", ";
    return String.format(
        Locale.ROOT,
        "volume V.%d (%s%.0f GB on machine %s, %s)",
        volume.id(),
        named,
        volume.gb(),
        volume.machine(),
        users);
  }
}
