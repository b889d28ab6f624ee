package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.UnitPermit;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Some targets at once, each with a receipt of its own. A unit is home when one of them has it
/// whole; one that could not take it is told of.
public final class SeveralTargets implements Target {
  private final List<Target> targets;

  public SeveralTargets(List<Target> targets) {
    if (targets.size() < 2) {
      throw new IllegalArgumentException("Several targets are two at least");
    }
    this.targets = List.copyOf(targets);
  }

  @Override
  public String place(RunId run, UnitId unit) throws CargoException {
    return targets.getFirst().place(run, unit);
  }

  @Override
  public Landing land(RunId run, Unit unit, Staged staged, Prover prover) throws CargoException {
    List<Landing.Landed> landed = new ArrayList<>();
    List<Landing.Lacking> lacking = new ArrayList<>();
    List<Landing> refused = new ArrayList<>();
    List<CargoException> failed = new ArrayList<>();
    for (int i = 1; i <= targets.size(); i++) {
      Target target = targets.get(i - 1);
      try {
        // The last may have the files themselves.
        boolean last = i == targets.size();
        switch (target.land(run, unit, last ? staged : staged.forAnother(), prover)) {
          case Landing.Landed well -> landed.add(well);
          case Landing.Again again -> lacking.add(new Landing.Lacking(i, again.reason()));
          case Landing.Refused no -> {
            refused.add(no);
            lacking.add(new Landing.Lacking(i, no.reason()));
          }
        }
      } catch (CargoException e) {
        failed.add(e);
        lacking.add(new Landing.Lacking(i, String.valueOf(e.getMessage())));
      }
    }
    if (!landed.isEmpty()) {
      List<String> notes =
          landed.stream().flatMap(well -> well.notes().stream()).distinct().toList();
      return new Landing.Landed(landed.getFirst().place(), notes, lacking);
    }
    if (!failed.isEmpty()) {
      throw failed.getFirst();
    }
    return refused.isEmpty() ? new Landing.Again(lacking.getFirst().why()) : refused.getFirst();
  }

  @Override
  public List<Unit> units(RunId run) throws CargoException {
    Map<UnitId, Unit> units = new LinkedHashMap<>();
    List<CargoException> failed = new ArrayList<>();
    for (Target target : targets) {
      try {
        target.units(run).forEach(unit -> units.putIfAbsent(unit.id(), unit));
      } catch (CargoException e) {
        failed.add(e);
      }
    }
    if (failed.size() == targets.size()) {
      throw failed.getFirst();
    }
    return List.copyOf(units.values());
  }

  @Override
  public Optional<Unit> unit(RunId run, UnitId unit) throws CargoException {
    return first(target -> target.unit(run, unit));
  }

  /// On one at least: any copy that is whole is enough to go on from.
  @Override
  public boolean stillThere(RunId run, UnitId unit, Manifest manifest, Look look)
      throws CargoException {
    return first(target ->
            target.stillThere(run, unit, manifest, look) ? Optional.of(true) : Optional.empty())
        .isPresent();
  }

  /// From all of them, as far as they can be reached; the rest when it is tried again.
  @Override
  public void erase(RunId run, UnitPermit permit) throws CargoException {
    List<CargoException> failed = new ArrayList<>();
    for (Target target : targets) {
      try {
        target.erase(run, permit);
      } catch (CargoException e) {
        failed.add(e);
      }
    }
    if (!failed.isEmpty()) {
      throw failed.getFirst();
    }
  }

  @Override
  public InputStream read(RunId run, UnitId unit, String path) throws CargoException {
    Optional<InputStream> in =
        first(target ->
            target.unit(run, unit).isPresent()
                ? Optional.of(target.read(run, unit, path))
                : Optional.empty());
    return in.orElseThrow(() ->
        new CargoException(
            CargoException.Kind.DISK_FAILED, "No target has unit " + unit + " any more"));
  }

  /// Asks one of them.
  private interface Question<T> {
    Optional<T> of(Target target) throws CargoException;
  }

  /// The first answer; a target that fails is passed over as long as another answers.
  private <T> Optional<T> first(Question<T> question) throws CargoException {
    List<CargoException> failed = new ArrayList<>();
    for (Target target : targets) {
      try {
        Optional<T> answer = question.of(target);
        if (answer.isPresent()) {
          return answer;
        }
      } catch (CargoException e) {
        failed.add(e);
      }
    }
    if (!failed.isEmpty()) {
      throw failed.getFirst();
    }
    return Optional.empty();
  }
}
