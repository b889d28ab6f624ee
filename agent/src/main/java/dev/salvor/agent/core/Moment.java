package dev.salvor.agent.core;

/// A point in time, by both clocks: one that never jumps (for timers), one that people share.
///
/// @param monoMs milliseconds of the monotonic clock, from any zero
/// @param wallMs milliseconds since the epoch
public record Moment(long monoMs, long wallMs) {}
