package dev.salvor.agent.main;

import dev.salvor.agent.cargo.Catalog;
import dev.salvor.agent.cargo.CatalogSource;
import dev.salvor.agent.state.HomeDir;
import dev.salvor.common.checkpoint.Unit;
import java.util.List;

/// Opens the catalog that this box uses.
final class Catalogs {
  private Catalogs() {}

  static CatalogSource source(Options options, HomeDir home, int boot) {
    return job -> new Nothing();
  }

  /// Finds no cargo.
  private record Nothing() implements Catalog {
    @Override
    public List<Unit> rescan() {
      return List.of();
    }

    @Override
    public List<Unit> settle() {
      return List.of();
    }
  }
}
