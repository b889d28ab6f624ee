package dev.salvor.common.telemetry.gpu;

/// Which card it is. What is not told is "".
///
/// @param index in the order of the one who told; not to be trusted across sources: map by uuid,
///   then by bus id
/// @param name as "NVIDIA H100 80GB HBM3"; tables cut it off
/// @param uuid as "GPU-..."
/// @param busId as "00000000:01:00.0"
public record GpuIdentity(int index, String name, String uuid, String busId) {}
