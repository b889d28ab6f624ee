package dev.salvor.controller.ca;

/// How a rental stands when its box asks to enrol.
public enum Standing {
  /// The provider does not list it yet, or nobody can say.
  NOT_LISTED,
  /// Listed.
  LISTED,
  /// Listed as loading or running, and it is the box that its run goes on with: its token may be
  /// armed again.
  CURRENT,
  /// Erased by us: nobody enrols for it any more.
  GONE
}
