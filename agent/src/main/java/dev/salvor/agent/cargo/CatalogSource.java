package dev.salvor.agent.cargo;

import dev.salvor.agent.core.JobSpec;
import java.io.IOException;

/// Opens the catalog of a job's roots; up to that capture sequence of this boot all were reported.
@FunctionalInterface
public interface CatalogSource {
  Catalog open(JobSpec job, long told) throws IOException;
}
