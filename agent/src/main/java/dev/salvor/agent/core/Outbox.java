package dev.salvor.agent.core;

/// How many reports were spooled, and how many of them the controller has.
public record Outbox(long lastSeq, long ackedSeq) {
  public Outbox {
    if (ackedSeq < 0 || lastSeq < ackedSeq) {
      throw new IllegalArgumentException("Acknowledged %d of %d".formatted(ackedSeq, lastSeq));
    }
  }

  long waiting() {
    return lastSeq - ackedSeq;
  }
}
