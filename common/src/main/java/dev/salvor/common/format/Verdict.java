package dev.salvor.common.format;

/// What looking at a file or a unit came to, from harmless to worst.
public enum Verdict {
  /// Structure complete; any pickle inside imports only what torch's weights_only loader allows.
  ACCEPT,
  /// Structure complete, but the zip carries no CRCs: sizes were checked, contents could not be.
  ACCEPT_NO_CRC,
  /// Structure complete; a pickle uses opcodes that weights_only refuses.
  ACCEPT_FLAG_PROTO,
  /// Structure complete; a pickle imports classes outside the weights_only list.
  ACCEPT_FLAG_IMPORTS,
  /// A data-only pickle whose strings hold another pickle: harmless unless someone loads that too.
  ACCEPT_FLAG_NESTED,
  /// The weights are fine; the file also carries code.
  ACCEPT_FLAG_CODE,
  /// Other content under a checkpoint's name.
  NOT_A_CHECKPOINT,
  /// Passes every header check, yet looks as if caught in the middle of writing.
  STRUCTURE_OK_BUT_INCOMPLETE,
  /// A part or the commit marker is missing.
  REJECT_INCOMPLETE,
  /// Damaged, truncated, or refused by the format's reference reader.
  REJECT_CORRUPT,
  /// A pickle imports a dangerous or unresolvable callable.
  REJECT_UNSAFE;

  /// Whether a unit of this verdict may count as saved.
  public boolean accepted() {
    return compareTo(NOT_A_CHECKPOINT) < 0;
  }

  /// The graver of the two.
  public Verdict worst(Verdict other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
