package dev.salvor.agent.core;

/// What is under way beside link and job, and when what is due again (monotonic ms).
///
/// @param heardAt when a controller was last heard, or this agent came up
/// @param leaseLapseAt when the lease runs out; Long.MAX_VALUE while there is none or it was told
/// @param catalogOpen the catalog knows the job's roots
record Chores(
    long heardAt,
    long leaseLapseAt,
    long probeAt,
    long rescanAt,
    boolean probing,
    boolean scanning,
    boolean carrying,
    boolean catalogOpen) {
  Chores withHeardAt(long at) {
    return new Chores(
        at, leaseLapseAt, probeAt, rescanAt, probing, scanning, carrying, catalogOpen);
  }

  Chores withLeaseLapseAt(long at) {
    return new Chores(heardAt, at, probeAt, rescanAt, probing, scanning, carrying, catalogOpen);
  }

  Chores withProbing(boolean is, long nextAt) {
    return new Chores(heardAt, leaseLapseAt, nextAt, rescanAt, is, scanning, carrying, catalogOpen);
  }

  Chores withScanning(boolean is, long nextAt) {
    return new Chores(heardAt, leaseLapseAt, probeAt, nextAt, probing, is, carrying, catalogOpen);
  }

  Chores withCarrying(boolean is) {
    return new Chores(heardAt, leaseLapseAt, probeAt, rescanAt, probing, scanning, is, catalogOpen);
  }

  Chores withCatalogOpen() {
    return new Chores(heardAt, leaseLapseAt, probeAt, rescanAt, probing, scanning, carrying, true);
  }
}
