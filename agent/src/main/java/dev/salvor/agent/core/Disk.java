package dev.salvor.agent.core;

/// A file system of the box and what is left on it.
///
/// @param place what a person knows it by: the directory where it is mounted, or that was asked for
/// @param freeBytes what an ordinary user may still fill
/// @param inodes how many it has; 0 where it does not count them
/// @param checkpoints whether the job's checkpoints are written there
public record Disk(
    String place,
    long totalBytes,
    long freeBytes,
    long inodes,
    long freeInodes,
    boolean checkpoints) {}
