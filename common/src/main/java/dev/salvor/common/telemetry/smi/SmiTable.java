package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.GpuField;
import dev.salvor.common.telemetry.gpu.GpuIdentity;
import dev.salvor.common.telemetry.gpu.GpuProcess;
import dev.salvor.common.telemetry.gpu.GpuReading;
import dev.salvor.common.telemetry.gpu.GpuReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the table that plain `nvidia-smi` draws, whole or a piece of it.
public final class SmiTable {
  private static final Pattern DRIVER =
      Pattern.compile("(?:Driver|KMD) Version:\\s{0,9}([0-9][0-9.]{2,19})");
  private static final Pattern CUDA =
      Pattern.compile("CUDA(?: UMD)? Version:\\s{0,9}([0-9]{1,3}\\.[0-9]{1,3})");

  /// "| 1 Tesla V100-PCIE... On | 00008ED0:00:00.0 Off | 0 |"
  private static final Pattern FIRST =
      Pattern.compile(
          "\\|\\s*([0-9]{1,3})\\s+(\\S.{0,60}?)\\s*(?:\\s(?:On|Off|N/A|ERR!|WDDM|TCC|MCDM|Enabled|Disabled))?\\s*"
              + "\\|\\s*([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\\.[0-9A-Fa-f])"
              + "\\s*\\S{0,8}\\s*\\|\\s*(\\S[^|]{0,40}?)?\\s*\\|");

  /// "| N/A 29C P0 ERR! / 250W | 593MiB / 16160MiB | 0% Default |"
  private static final Pattern SECOND =
      Pattern.compile(
          "\\|\\s*(\\S{1,8}?)\\s*(-?[0-9]{1,3}C|N/A|ERR!)\\s+(P[0-9]{1,2}|N/A|ERR!|\\?\\?)\\s+"
              + "(\\S{1,12})\\s*/\\s*(\\S{1,12})\\s*\\|\\s*([^|]{0,40}?)\\s*"
              + "\\|\\s*(\\S{1,12}|GPU is lost)\\s[^|]{0,40}\\|");

  /// "| 0 N/A N/A 11327 C /root/tools/memhog 2566MiB |"
  private static final Pattern PROCESS =
      Pattern.compile(
          "\\|\\s*([0-9]{1,3})\\s+(?:(?:N/A|[0-9]{1,3})\\s+(?:N/A|[0-9]{1,3})\\s+)?([0-9]{1,10})\\s+"
              + "([CGM+]{1,4})\\s+(\\S.*?)\\s+([0-9]{1,9}MiB|N/A|ERR!)\\s*\\|");

  private SmiTable() {}

  public static boolean isLike(List<String> lines) {
    return lines.stream()
        .anyMatch(line ->
            line.startsWith("|")
                && (line.contains("NVIDIA-SMI ") || FIRST.matcher(line).matches()));
  }

  /// Cards in their order, each once: of tables in a row (`-l`) the last counts.
  public static GpuReport read(List<String> lines) {
    List<GpuReading> gpus = new ArrayList<>();
    String driver = "";
    String cuda = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      driver = found(DRIVER, line).orElse(driver);
      cuda = found(CUDA, line).orElse(cuda);
      Matcher first = FIRST.matcher(line);
      if (first.matches()) {
        gpus.add(card(first, i + 1 < lines.size() ? lines.get(i + 1) : ""));
      }
    }
    return new GpuReport(driver, cuda, withProcesses(SmiTree.once(gpus), lines), List.of());
  }

  private static Optional<String> found(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static GpuReading card(Matcher first, String line) {
    GpuIdentity who =
        new GpuIdentity(
            Integer.parseInt(first.group(1)), first.group(2).strip(), "", first.group(3));
    Map<GpuField, Gauge> gauges = new EnumMap<>(GpuField.class);
    String ecc = first.group(4) == null ? "" : first.group(4);
    if (ecc.equals("On")) {
      gauges.put(GpuField.MIG, Gauge.of(true));
    } else if (!ecc.isEmpty() && !ecc.equals("Off")) {
      gauges.put(GpuField.ECC_UNCORRECTED, SmiValue.gauge(ecc, ""));
    }
    Matcher second = SECOND.matcher(line);
    if (second.matches()) {
      load(second, gauges);
    } else if (line.contains("GPU is lost") || line.contains("ERR!")) {
      gauges.put(GpuField.USE, SmiValue.gauge(line.contains("lost") ? "GPU is lost" : "ERR!", ""));
    }
    return new GpuReading(who, gauges);
  }

  private static void load(Matcher second, Map<GpuField, Gauge> gauges) {
    gauges.put(GpuField.FAN, SmiValue.gauge(second.group(1), ""));
    gauges.put(GpuField.TEMPERATURE, SmiValue.gauge(second.group(2), ""));
    gauges.put(GpuField.POWER, SmiValue.gauge(second.group(4), ""));
    gauges.put(GpuField.POWER_LIMIT, SmiValue.gauge(second.group(5), ""));
    String[] memory = second.group(6).split("/", 2);
    if (memory.length == 2) {
      gauges.put(GpuField.MEMORY_USED, SmiValue.gauge(memory[0], ""));
      gauges.put(GpuField.MEMORY_TOTAL, SmiValue.gauge(memory[1], ""));
    } else {
      gauges.put(GpuField.MEMORY_USED, SmiValue.gauge(second.group(6), ""));
    }
    gauges.put(GpuField.USE, SmiValue.gauge(second.group(7), ""));
  }

  private static List<GpuReading> withProcesses(List<GpuReading> gpus, List<String> lines) {
    Map<Integer, List<GpuProcess>> byCard = new HashMap<>();
    boolean told = false;
    for (String line : lines) {
      if (line.startsWith("| Processes:")) {
        told = true;
        byCard.clear();
      }
      Matcher process = PROCESS.matcher(line);
      if (told && process.matches()) {
        GpuProcess one =
            new GpuProcess(
                SmiTree.pid(process.group(2)),
                process.group(4),
                SmiValue.gauge(process.group(5), ""));
        byCard
            .computeIfAbsent(Integer.parseInt(process.group(1)), card -> new ArrayList<>())
            .add(one);
      }
    }
    if (!told) {
      return gpus;
    }
    List<GpuReading> full = new ArrayList<>();
    for (GpuReading gpu : gpus) {
      List<GpuProcess> processes = byCard.getOrDefault(gpu.who().index(), List.of());
      Map<GpuField, Gauge> gauges = gpu.ordered();
      gauges.put(GpuField.PROCESSES, Gauge.of(processes.size()));
      full.add(new GpuReading(gpu.who(), gauges, processes));
    }
    return full;
  }
}
