package dev.salvor.controller.core;

/// Folds what a box says of itself before its job.
final class FoldGate {
  private FoldGate() {}

  static RunState refused(RunState s, Fact.GateRefused f) {
    boolean underWay =
        s.opened(Effect.Tell.class).stream().anyMatch(tell -> tell.rental().equals(f.rental()));
    return Fold.update(s, f.rental(), r -> refused(r, f, underWay));
  }

  private static Rental refused(Rental r, Fact.GateRefused f, boolean underWay) {
    Aboard a = r.aboard();
    if (f.boot() != a.boot() || r.job() instanceof Rental.JobState.Running) {
      return r;
    }
    Fit.Refusal why = new Fit.Refusal(f.boot(), f.check(), f.evidence(), f.filter());
    Aboard told = a.with(a.fit().refused(why));
    // The order to start it was refused before anything of it was done, and no other is under way.
    boolean untouched = f.boot() == 1 && !f.jobEverStarted() && a.start() == 0 && !underWay;
    // What its owner did there before nobody knows.
    boolean ours = !a.fit().foreign();
    return r.with(untouched && ours ? told.untouched() : told);
  }
}
