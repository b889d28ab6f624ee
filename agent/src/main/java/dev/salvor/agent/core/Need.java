package dev.salvor.agent.core;

/// What the next checkpoint will want of the disk, by those before it; all 0 before the first.
///
/// @param everyMs how long after one the next was written; 0 while there was one only
public record Need(long bytes, long files, long everyMs) {
  public static final Need UNKNOWN = new Need(0, 0, 0);
}
