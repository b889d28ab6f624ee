package dev.salvor.agent.core;

/// What is under way beside link and job, and when what is due again (monotonic ms).
///
/// @param heardAt when a controller was last heard, or this agent came up
/// @param catalogOpen the catalog knows the job's roots
record Chores(
    long heardAt,
    long probeAt,
    long rescanAt,
    boolean probing,
    boolean scanning,
    boolean carrying,
    boolean catalogOpen) {
  Chores withHeardAt(long at) {
    return new Chores(at, probeAt, rescanAt, probing, scanning, carrying, catalogOpen);
  }

  Chores withProbing(boolean is, long nextAt) {
    return new Chores(heardAt, nextAt, rescanAt, is, scanning, carrying, catalogOpen);
  }

  Chores withScanning(boolean is, long nextAt) {
    return new Chores(heardAt, probeAt, nextAt, probing, is, carrying, catalogOpen);
  }

  Chores withCarrying(boolean is) {
    return new Chores(heardAt, probeAt, rescanAt, probing, scanning, is, catalogOpen);
  }

  Chores withCatalogOpen() {
    return new Chores(heardAt, probeAt, rescanAt, probing, scanning, carrying, true);
  }
}
