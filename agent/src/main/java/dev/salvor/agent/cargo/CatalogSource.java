package dev.salvor.agent.cargo;

import dev.salvor.agent.core.JobSpec;
import java.io.IOException;

/// Opens the catalog of a job's roots.
@FunctionalInterface
public interface CatalogSource {
  Catalog open(JobSpec job) throws IOException;
}
