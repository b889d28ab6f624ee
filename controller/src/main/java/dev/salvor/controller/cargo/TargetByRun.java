package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The target of each run: the directory that its user named, else the controller's own.
public final class TargetByRun implements Target {
  private final Directories directories;
  private final Map<RunId, Target> known = new ConcurrentHashMap<>();

  public TargetByRun(Directories directories) {
    this.directories = directories;
  }

  /// Knows where a run's copies are kept.
  public interface Directories {
    /// A run's directory never changes. Throws where it cannot be told now: copies are not looked
    /// for, or put, anywhere else.
    Path of(RunId run) throws IOException;
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
  public InputStream read(RunId run, UnitId unit, String path) throws CargoException {
    return of(run).read(run, unit, path);
  }

  private Target of(RunId run) throws CargoException {
    Target before = known.get(run);
    if (before != null) {
      return before;
    }
    try {
      Target found = new DirectoryTarget(directories.of(run));
      known.put(run, found);
      return found;
    } catch (IOException e) {
      throw CargoException.of("Cannot tell where copies of run " + run + " are kept", e);
    }
  }
}
