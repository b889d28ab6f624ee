package dev.salvor.common.telemetry.gpu;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// One card as somebody saw it: NVML, nvidia-smi's XML, its CSV, its text. What was not asked is
/// not in the map.
///
/// @param processes those that were told; how many of them can be believed says PROCESSES
public record GpuReading(GpuIdentity who, Map<GpuField, Gauge> gauges, List<GpuProcess> processes) {
  private static final Gauge NOT_ASKED = Gauge.missing(Gauge.Why.NOT_ASKED, "not asked");

  public GpuReading {
    gauges = Map.copyOf(gauges);
    processes = List.copyOf(processes);
  }

  public GpuReading(GpuIdentity who, Map<GpuField, Gauge> gauges) {
    this(who, gauges, List.of());
  }

  public Gauge gauge(GpuField field) {
    return gauges.getOrDefault(field, NOT_ASKED);
  }

  public OptionalDouble number(GpuField field) {
    return gauge(field).number();
  }

  /// Of a flag: told, and yes.
  public boolean is(GpuField field) {
    return number(field).orElse(0) != 0;
  }

  /// In the order of the fields.
  public Map<GpuField, Gauge> ordered() {
    Map<GpuField, Gauge> ordered = new EnumMap<>(GpuField.class);
    ordered.putAll(gauges);
    return ordered;
  }
}
