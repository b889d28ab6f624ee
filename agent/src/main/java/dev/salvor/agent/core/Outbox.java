package dev.salvor.agent.core;

/// How many reports were spooled, and how many of them the controller has.
///
/// @param full whether the spool has no room for more units; other reports it always takes
public record Outbox(long lastSeq, long ackedSeq, boolean full) {
  public Outbox(long lastSeq, long ackedSeq) {
    this(lastSeq, ackedSeq, false);
  }

  public Outbox {
    if (ackedSeq < 0 || lastSeq < ackedSeq) {
      throw new IllegalArgumentException("Acknowledged %d of %d".formatted(ackedSeq, lastSeq));
    }
  }

  Outbox spooled() {
    return new Outbox(lastSeq + 1, ackedSeq, full);
  }

  Outbox acknowledged(long seq) {
    return new Outbox(Math.max(lastSeq, seq), seq, full);
  }

  Outbox withFull(boolean is) {
    return new Outbox(lastSeq, ackedSeq, is);
  }

  long waiting() {
    return lastSeq - ackedSeq;
  }
}
