package dev.salvor.agent.main;

import dev.salvor.agent.cargo.Catalog;
import dev.salvor.agent.cargo.CatalogSource;
import dev.salvor.agent.checkpoint.CargoReader;
import dev.salvor.agent.checkpoint.Catalog.Life;
import dev.salvor.agent.checkpoint.Catalog.Roots;
import dev.salvor.agent.core.Need;
import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.disk.Ballast;
import java.io.IOException;
import java.util.List;

/// The box's catalog as the cargo worker's.
record Catalogs(dev.salvor.agent.checkpoint.Catalog catalog) implements Catalog {
  /// Opens a job's catalog, which remembers below home what it gave before.
  static CatalogSource source(Options options, Ballast ballast, int boot, CargoReader reader) {
    return (job, told) ->
        new Catalogs(
            new dev.salvor.agent.checkpoint.Catalog(
                new Roots(options.root(), options.home(), job.checkpointRoots(), job.resultRoots()),
                ballast,
                new Life(options.generation(), boot, told),
                reader));
  }

  @Override
  public List<Unit> rescan() throws IOException {
    return catalog.rescan();
  }

  @Override
  public List<String> odd() {
    return catalog.odd();
  }

  @Override
  public Settled settle() throws IOException {
    var settled = catalog.settle();
    return new Settled(settled.units(), settled.more());
  }

  @Override
  public void takeBack() {
    catalog.takeBack();
  }

  @Override
  public List<Report.Notice> notices() {
    return catalog.notices();
  }

  @Override
  public Need need() {
    return catalog.need();
  }

  @Override
  public void copied(UnitId unit) throws IOException {
    catalog.copied(unit);
  }

  @Override
  public void prune(UnitId unit, List<UnitId> stays) throws IOException {
    catalog.prune(unit, stays);
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
