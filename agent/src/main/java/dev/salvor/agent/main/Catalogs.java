package dev.salvor.agent.main;

import dev.salvor.agent.cargo.Catalog;
import dev.salvor.agent.cargo.CatalogSource;
import dev.salvor.agent.checkpoint.Catalog.Roots;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The box's catalog as the cargo worker's.
record Catalogs(dev.salvor.agent.checkpoint.Catalog catalog) implements Catalog {
  /// Opens a job's catalog, which remembers below home what it gave before.
  static CatalogSource source(Options options, Path home, int boot) {
    return job ->
        new Catalogs(
            new dev.salvor.agent.checkpoint.Catalog(
                new Roots(options.root(), home, job.checkpointRoots(), job.resultRoots()),
                options.generation(),
                boot));
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
  public List<Unit> settle() throws IOException {
    return catalog.settle();
  }

  @Override
  public void copied(UnitId unit) throws IOException {
    catalog.copied(unit);
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
