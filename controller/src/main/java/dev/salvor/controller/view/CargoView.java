package dev.salvor.controller.view;

/// What is safe, and what is not.
///
/// @param frontierStep step of the newest receipted checkpoint in the lineage; -1 while none
/// @param frontierUnit its id; empty while none
/// @param receipt where its receipt lies; empty while none
/// @param seen complete units seen so far
/// @param proven those of them with a receipt
/// @param savedBytes what of the proven units did not have to be sent
/// @param exposure what would be lost if the box died now
public record CargoView(
    long frontierStep,
    String frontierUnit,
    String receipt,
    int seen,
    int proven,
    long savedBytes,
    Exposure exposure) {

  /// What would be lost if the box died now.
  ///
  /// @param steps -1 while unknown
  public record Exposure(long steps, long seconds, long bytes) {
    public static final Exposure NOTHING = new Exposure(0, 0, 0);
  }
}
