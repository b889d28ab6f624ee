package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.TargetPlace;
import dev.salvor.controller.core.UnitPermit;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The target of each run: the places that its user named, else the controller's own directory.
public final class TargetByRun implements Target {
  private final Places places;
  private final Kinds kinds;
  private final Map<RunId, Target> known = new ConcurrentHashMap<>();

  public TargetByRun(Places places, Kinds kinds) {
    this.places = places;
    this.kinds = kinds;
  }

  /// Knows where a run's copies are kept.
  public interface Places {
    /// One at least; a run's places never change. Throws where they cannot be told now: copies are
    /// not looked for, or put, anywhere else.
    List<TargetPlace> of(RunId run) throws IOException;
  }

  /// Makes a target of a place: every kind there is.
  public interface Kinds {
    Target open(TargetPlace place) throws CargoException;
  }

  @Override
  public String place(RunId run, UnitId unit) throws CargoException {
    return of(run).place(run, unit);
  }

  @Override
  public Landing land(RunId run, Unit unit, Staged staged, Prover prover) throws CargoException {
    return of(run).land(run, unit, staged, prover);
  }

  @Override
  public Optional<Straight.Way> straight(RunId run) throws CargoException {
    return of(run).straight(run);
  }

  @Override
  public List<Unit> units(RunId run) throws CargoException {
    return of(run).units(run);
  }

  @Override
  public Optional<Unit> unit(RunId run, UnitId unit) throws CargoException {
    return of(run).unit(run, unit);
  }

  @Override
  public boolean stillThere(RunId run, UnitId unit, Manifest manifest, Look look)
      throws CargoException {
    return of(run).stillThere(run, unit, manifest, look);
  }

  @Override
  public void erase(RunId run, UnitPermit permit) throws CargoException {
    of(run).erase(run, permit);
  }

  @Override
  public InputStream read(RunId run, UnitId unit, String path) throws CargoException {
    return of(run).read(run, unit, path);
  }

  /// The run's own target.
  Target of(RunId run) throws CargoException {
    Target before = known.get(run);
    if (before != null) {
      return before;
    }
    try {
      List<Target> targets = new ArrayList<>();
      for (TargetPlace place : places.of(run)) {
        targets.add(kinds.open(place));
      }
      Target found = targets.size() == 1 ? targets.getFirst() : new SeveralTargets(targets);
      known.put(run, found);
      return found;
    } catch (IOException e) {
      throw CargoException.of("Cannot tell where copies of run " + run + " are kept", e);
    }
  }
}
