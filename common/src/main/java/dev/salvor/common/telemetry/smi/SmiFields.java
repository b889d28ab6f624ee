package dev.salvor.common.telemetry.smi;

import static java.util.Map.entry;

import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.GpuField;
import dev.salvor.common.telemetry.gpu.Throttle;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where each number of a card stands in nvidia-smi's outputs: the path in the XML, the path in the
/// long text (-q), the column in CSV. The newest spelling first; what drivers from 304 on wrote
/// comes behind.
final class SmiFields {
  /// Paths in the XML below `gpu`.
  private static final Map<GpuField, List<String>> XML =
      Map.ofEntries(
          entry(GpuField.USE, List.of("utilization/gpu_util")),
          entry(GpuField.MEMORY_USE, List.of("utilization/memory_util")),
          entry(GpuField.MEMORY_TOTAL, List.of("fb_memory_usage/total", "memory_usage/total")),
          entry(GpuField.MEMORY_RESERVED, List.of("fb_memory_usage/reserved")),
          entry(GpuField.MEMORY_USED, List.of("fb_memory_usage/used", "memory_usage/used")),
          entry(GpuField.MEMORY_FREE, List.of("fb_memory_usage/free", "memory_usage/free")),
          entry(
              GpuField.POWER,
              List.of(
                  "gpu_power_readings/instant_power_draw",
                  "gpu_power_readings/power_draw",
                  "gpu_power_readings/average_power_draw",
                  "power_readings/power_draw")),
          entry(
              GpuField.POWER_LIMIT,
              List.of(
                  "gpu_power_readings/current_power_limit",
                  "power_readings/enforced_power_limit",
                  "gpu_power_readings/enforced_power_limit",
                  "power_readings/power_limit")),
          entry(
              GpuField.POWER_LIMIT_DEFAULT,
              List.of(
                  "gpu_power_readings/default_power_limit", "power_readings/default_power_limit")),
          entry(GpuField.TEMPERATURE, List.of("temperature/gpu_temp")),
          entry(GpuField.MEMORY_TEMPERATURE, List.of("temperature/memory_temp")),
          entry(GpuField.TEMPERATURE_SLOWDOWN, List.of("temperature/gpu_temp_slow_threshold")),
          entry(GpuField.FAN, List.of("fan_speed")),
          entry(GpuField.CLOCK, List.of("clocks/sm_clock", "clocks/graphics_clock")),
          entry(GpuField.CLOCK_MAX, List.of("max_clocks/sm_clock", "max_clocks/graphics_clock")),
          entry(GpuField.MEMORY_CLOCK, List.of("clocks/mem_clock")),
          entry(GpuField.MEMORY_CLOCK_MAX, List.of("max_clocks/mem_clock")),
          entry(GpuField.ECC, List.of("ecc_mode/current_ecc")),
          entry(
              GpuField.RETIRED_SINGLE,
              List.of("retired_pages/multiple_single_bit_retirement/retired_count")),
          entry(
              GpuField.RETIRED_DOUBLE,
              List.of("retired_pages/double_bit_retirement/retired_count")),
          entry(
              GpuField.RETIRE_PENDING,
              List.of("retired_pages/pending_retirement", "retired_pages/pending_blacklist")),
          entry(GpuField.REMAPPED_CORRECTABLE, List.of("remapped_rows/remapped_row_corr")),
          entry(GpuField.REMAPPED_UNCORRECTABLE, List.of("remapped_rows/remapped_row_unc")),
          entry(GpuField.REMAP_PENDING, List.of("remapped_rows/remapped_row_pending")),
          entry(GpuField.REMAP_FAILED, List.of("remapped_rows/remapped_row_failure")),
          entry(GpuField.RECOVERY_ACTION, List.of("gpu_recovery_action")),
          entry(GpuField.RESET_REQUIRED, List.of("gpu_reset_status/reset_required")),
          entry(GpuField.MIG, List.of("mig_mode/current_mig")),
          entry(GpuField.PCIE_GEN, List.of("pci/pci_gpu_link_info/pcie_gen/current_link_gen")),
          entry(GpuField.PCIE_GEN_MAX, List.of("pci/pci_gpu_link_info/pcie_gen/max_link_gen")),
          entry(
              GpuField.PCIE_WIDTH, List.of("pci/pci_gpu_link_info/link_widths/current_link_width")),
          entry(
              GpuField.PCIE_WIDTH_MAX, List.of("pci/pci_gpu_link_info/link_widths/max_link_width")),
          entry(GpuField.PCIE_REPLAYS, List.of("pci/replay_counter")));

  /// Paths in the long text below "GPU 00000000:00:09.0".
  private static final Map<GpuField, List<String>> QUERY =
      Map.ofEntries(
          entry(GpuField.USE, List.of("Utilization/GPU", "Utilization/Gpu")),
          entry(GpuField.MEMORY_USE, List.of("Utilization/Memory")),
          entry(GpuField.MEMORY_TOTAL, List.of("FB Memory Usage/Total", "Memory Usage/Total")),
          entry(GpuField.MEMORY_RESERVED, List.of("FB Memory Usage/Reserved")),
          entry(GpuField.MEMORY_USED, List.of("FB Memory Usage/Used", "Memory Usage/Used")),
          entry(GpuField.MEMORY_FREE, List.of("FB Memory Usage/Free", "Memory Usage/Free")),
          entry(
              GpuField.POWER,
              List.of(
                  "GPU Power Readings/Instantaneous Power Draw",
                  "GPU Power Readings/Power Draw",
                  "GPU Power Readings/Average Power Draw",
                  "Power Readings/Power Draw")),
          entry(
              GpuField.POWER_LIMIT,
              List.of(
                  "GPU Power Readings/Current Power Limit",
                  "Power Readings/Enforced Power Limit",
                  "GPU Power Readings/Enforced Power Limit",
                  "Power Readings/Power Limit")),
          entry(
              GpuField.POWER_LIMIT_DEFAULT,
              List.of(
                  "GPU Power Readings/Default Power Limit", "Power Readings/Default Power Limit")),
          entry(GpuField.TEMPERATURE, List.of("Temperature/GPU Current Temp", "Temperature/Gpu")),
          entry(GpuField.MEMORY_TEMPERATURE, List.of("Temperature/Memory Current Temp")),
          entry(GpuField.TEMPERATURE_SLOWDOWN, List.of("Temperature/GPU Slowdown Temp")),
          entry(GpuField.FAN, List.of("Fan Speed")),
          entry(GpuField.CLOCK, List.of("Clocks/SM", "Clocks/Graphics")),
          entry(GpuField.CLOCK_MAX, List.of("Max Clocks/SM", "Max Clocks/Graphics")),
          entry(GpuField.MEMORY_CLOCK, List.of("Clocks/Memory")),
          entry(GpuField.MEMORY_CLOCK_MAX, List.of("Max Clocks/Memory")),
          entry(GpuField.ECC, List.of("ECC Mode/Current")),
          entry(
              GpuField.RETIRED_SINGLE,
              List.of("Retired Pages/Single Bit ECC", "Retired Pages/Multiple Single Bit ECC")),
          entry(GpuField.RETIRED_DOUBLE, List.of("Retired Pages/Double Bit ECC")),
          entry(
              GpuField.RETIRE_PENDING,
              List.of(
                  "Retired Pages/Pending Page Blacklist",
                  "Retired Pages/Pending",
                  "Retired Pages/Pending Retirement")),
          entry(GpuField.REMAPPED_CORRECTABLE, List.of("Remapped Rows/Correctable Error")),
          entry(GpuField.REMAPPED_UNCORRECTABLE, List.of("Remapped Rows/Uncorrectable Error")),
          entry(GpuField.REMAP_PENDING, List.of("Remapped Rows/Pending")),
          entry(GpuField.REMAP_FAILED, List.of("Remapped Rows/Remapping Failure Occurred")),
          entry(GpuField.RECOVERY_ACTION, List.of("GPU Recovery Action")),
          entry(GpuField.RESET_REQUIRED, List.of("GPU Reset Status/Reset Required")),
          entry(GpuField.MIG, List.of("MIG Mode/Current")),
          entry(GpuField.PCIE_GEN, List.of("PCI/GPU Link Info/PCIe Generation/Current")),
          entry(GpuField.PCIE_GEN_MAX, List.of("PCI/GPU Link Info/PCIe Generation/Max")),
          entry(GpuField.PCIE_WIDTH, List.of("PCI/GPU Link Info/Link Width/Current")),
          entry(GpuField.PCIE_WIDTH_MAX, List.of("PCI/GPU Link Info/Link Width/Max")),
          entry(GpuField.PCIE_REPLAYS, List.of("PCI/Replays Since Reset", "PCI/Replay Count")));

  /// Columns of --query-gpu.
  private static final Map<String, GpuField> CSV =
      Map.ofEntries(
          entry("utilization.gpu", GpuField.USE),
          entry("utilization.memory", GpuField.MEMORY_USE),
          entry("memory.total", GpuField.MEMORY_TOTAL),
          entry("memory.reserved", GpuField.MEMORY_RESERVED),
          entry("memory.used", GpuField.MEMORY_USED),
          entry("memory.free", GpuField.MEMORY_FREE),
          entry("power.draw", GpuField.POWER),
          entry("power.draw.average", GpuField.POWER),
          entry("power.draw.instant", GpuField.POWER),
          entry("power.limit", GpuField.POWER_LIMIT),
          entry("enforced.power.limit", GpuField.POWER_LIMIT),
          entry("power.default_limit", GpuField.POWER_LIMIT_DEFAULT),
          entry("temperature.gpu", GpuField.TEMPERATURE),
          entry("temperature.memory", GpuField.MEMORY_TEMPERATURE),
          entry("fan.speed", GpuField.FAN),
          entry("clocks.current.sm", GpuField.CLOCK),
          entry("clocks.sm", GpuField.CLOCK),
          entry("clocks.current.graphics", GpuField.CLOCK),
          entry("clocks.gr", GpuField.CLOCK),
          entry("clocks.max.sm", GpuField.CLOCK_MAX),
          entry("clocks.max.graphics", GpuField.CLOCK_MAX),
          entry("clocks.max.gr", GpuField.CLOCK_MAX),
          entry("clocks.current.memory", GpuField.MEMORY_CLOCK),
          entry("clocks.mem", GpuField.MEMORY_CLOCK),
          entry("clocks.max.memory", GpuField.MEMORY_CLOCK_MAX),
          entry("clocks.max.mem", GpuField.MEMORY_CLOCK_MAX),
          entry("clocks_event_reasons.active", GpuField.THROTTLE),
          entry("clocks_throttle_reasons.active", GpuField.THROTTLE),
          entry("compute_cap", GpuField.COMPUTE_CAPABILITY),
          entry("ecc.mode.current", GpuField.ECC),
          entry("ecc.errors.corrected.volatile.total", GpuField.ECC_CORRECTED),
          entry("ecc.errors.uncorrected.volatile.total", GpuField.ECC_UNCORRECTED),
          entry("ecc.errors.corrected.aggregate.total", GpuField.ECC_CORRECTED_EVER),
          entry("ecc.errors.uncorrected.aggregate.total", GpuField.ECC_UNCORRECTED_EVER),
          entry("retired_pages.sbe", GpuField.RETIRED_SINGLE),
          entry("retired_pages.single_bit_ecc.count", GpuField.RETIRED_SINGLE),
          entry("retired_pages.dbe", GpuField.RETIRED_DOUBLE),
          entry("retired_pages.double_bit.count", GpuField.RETIRED_DOUBLE),
          entry("retired_pages.pending", GpuField.RETIRE_PENDING),
          entry("remapped_rows.correctable", GpuField.REMAPPED_CORRECTABLE),
          entry("remapped_rows.uncorrectable", GpuField.REMAPPED_UNCORRECTABLE),
          entry("remapped_rows.pending", GpuField.REMAP_PENDING),
          entry("remapped_rows.failure", GpuField.REMAP_FAILED),
          entry("gpu_recovery_action", GpuField.RECOVERY_ACTION),
          entry("reset_status.reset_required", GpuField.RESET_REQUIRED),
          entry("mig.mode.current", GpuField.MIG),
          entry("pcie.link.gen.current", GpuField.PCIE_GEN),
          entry("pcie.link.gen.gpucurrent", GpuField.PCIE_GEN),
          entry("pcie.link.gen.max", GpuField.PCIE_GEN_MAX),
          entry("pcie.link.width.current", GpuField.PCIE_WIDTH),
          entry("pcie.link.width.max", GpuField.PCIE_WIDTH_MAX));

  private SmiFields() {}

  static Map<GpuField, Gauge> xml(Function<String, Optional<String>> at) {
    return gauges(XML, at);
  }

  static Map<GpuField, Gauge> query(Function<String, Optional<String>> at) {
    return gauges(QUERY, at);
  }

  static Optional<GpuField> column(String name) {
    return Optional.ofNullable(CSV.get(name.toLowerCase(Locale.ROOT)));
  }

  /// Of several spellings the first that gives a number, else the first that says why not.
  private static Map<GpuField, Gauge> gauges(
      Map<GpuField, List<String>> paths, Function<String, Optional<String>> at) {
    Map<GpuField, Gauge> gauges = new EnumMap<>(GpuField.class);
    paths.forEach((field, spellings) -> {
      for (String path : spellings) {
        at.apply(path).ifPresent(text -> better(gauges, field, SmiValue.gauge(text, "")));
      }
    });
    return gauges;
  }

  /// A number is better than none, and what came first than what came later.
  static void better(Map<GpuField, Gauge> gauges, GpuField field, Gauge gauge) {
    gauges.merge(field, gauge, (old, one) -> old instanceof Gauge.Value ? old : kept(old, one));
  }

  private static Gauge kept(Gauge old, Gauge one) {
    return one instanceof Gauge.Value ? one : old;
  }

  /// Bits of the reasons that are said to be active, by their names in any output.
  static Optional<Gauge> throttle(Map<String, String> reasons) {
    Map<Throttle, Boolean> known = new LinkedHashMap<>();
    reasons.forEach((name, said) ->
        Throttle.named(name)
            .ifPresent(reason -> {
              boolean active = bareLower(said).equals("active");
              known.merge(reason, active, Boolean::logicalOr);
            }));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    long bits = 0;
    for (Map.Entry<Throttle, Boolean> one : known.entrySet()) {
      bits |= one.getValue() ? one.getKey().bit() : 0;
    }
    return Optional.of(Gauge.of((double) bits));
  }

  private static String bareLower(String said) {
    return SmiValue.bare(said).toLowerCase(Locale.ROOT);
  }
}
