package dev.salvor.common.telemetry.gpu;

/// A process that holds memory of a card.
///
/// @param pid the host's number, which a container does not know
/// @param memory in bytes
public record GpuProcess(long pid, String name, Gauge memory) {}
