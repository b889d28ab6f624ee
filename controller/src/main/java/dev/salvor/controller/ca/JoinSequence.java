package dev.salvor.controller.ca;

/// Counts the certificates of one box: the number it last proved to hold, and the one it was last
/// given. Each coming moves it on, so that of two boxes that hold the same number one is found out.
///
/// @param acknowledged the number that the box showed when it came last
/// @param issued the newest number given out; whether it arrived is not known yet
public record JoinSequence(long acknowledged, long issued) {
  static final JoinSequence NONE = new JoinSequence(0, 0);

  /// No box comes more often; a larger number is none.
  private static final long MOST = 1L << 40;

  /// The last answer arrived, or it was lost on the way: both are the box itself.
  boolean accepts(long shown) {
    return shown == acknowledged || shown == issued;
  }

  /// After a box came that shows this number.
  JoinSequence after(long shown) {
    return new JoinSequence(shown, issued + 1);
  }

  /// Of a box that comes for the first time with this token.
  static JoinSequence begin(long shown) {
    long from = shown >= 0 && shown < MOST ? shown : 0;
    return new JoinSequence(from, from + 1);
  }

  @Override
  public String toString() {
    return "acknowledged " + acknowledged + ", issued " + issued;
  }
}
