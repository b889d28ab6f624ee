package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.GpuField;
import dev.salvor.common.telemetry.gpu.GpuIdentity;
import dev.salvor.common.telemetry.gpu.GpuProcess;
import dev.salvor.common.telemetry.gpu.GpuReading;
import dev.salvor.common.telemetry.gpu.GpuReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `nvidia-smi --query-... --format=csv`, with or without its header and units.
public final class SmiCsv {
  /// As `memory.used [MiB]`.
  private static final Pattern COLUMN =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_.]{0,80})(?: \\[([A-Za-z%/]{1,8})\\])?");

  /// Columns that have no dot in their names.
  private static final Set<String> PLAIN =
      Set.of(
          "timestamp",
          "index",
          "name",
          "uuid",
          "serial",
          "count",
          "pid",
          "pstate",
          "process_name",
          "gpu_name",
          "gpu_uuid",
          "gpu_bus_id",
          "gpu_serial",
          "driver_version",
          "vbios_version",
          "compute_cap",
          "compute_mode",
          "persistence_mode",
          "used_gpu_memory",
          "used_memory",
          "display_mode",
          "display_active",
          "gpu_recovery_action",
          "cuda_version",
          "gpu_utilization",
          "mem_utilization",
          "max_memory_usage",
          "time",
          "addressing_mode",
          "fan.speed");

  /// What only nvidia-smi's cells look like: a header is not needed to know them.
  private static final Pattern OWN =
      Pattern.compile(
          "GPU-[0-9a-f-]{36}|MIG-\\S+|(?:NVIDIA|GeForce|Tesla|Quadro|A100|H100) ?.{0,60}"
              + "|[0-9A-Fa-f]{8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\\.[0-9A-Fa-f]|-?[0-9.]{1,12}"
              + " (?:%|MiB|W|MHz|us|KB/s)|P[0-9]{1,2}|\\[(?:N/A|Not Supported|Not Active|Unknown"
              + " Error|GPU is lost|Insufficient Permissions|GPU requires reset)\\]"
              + "|ERR!|0x[0-9A-Fa-f]{4,16}",
          Pattern.CASE_INSENSITIVE);

  /// In the name of a process.
  private static final int MOST_COMMAS = 200;

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(?:\\.[0-9]{1,9})?");

  private SmiCsv() {}

  /// What a table of values tells.
  ///
  /// @param report cards where rows are cards; processes are under the card they run on
  /// @param columns their names, empty where there is no header
  /// @param rows how many
  /// @param missing which columns have a value that says there is none, by name or number
  public record Told(
      GpuReport report, List<String> columns, int rows, Map<String, String> missing) {
    public Told {
      columns = List.copyOf(columns);
      missing = Map.copyOf(missing);
    }
  }

  /// Whether the lines are such a table: by the header, else by what stands in the cells.
  public static boolean isLike(List<String> lines) {
    List<String> rows = rows(lines);
    if (rows.isEmpty()) {
      return false;
    }
    return isHeader(cells(rows.getFirst())) || rows.stream().allMatch(SmiCsv::isBareRow);
  }

  public static Told read(List<String> lines) throws MalformedException {
    List<String> rows = rows(lines);
    if (rows.isEmpty()) {
      throw new MalformedException("there is no row in it");
    }
    List<String> first = cells(rows.getFirst());
    return isHeader(first) ? named(first, rows.subList(1, rows.size())) : bare(rows);
  }

  /// What is no row is a line of another kind: blank, or a failure, which is another's matter.
  private static List<String> rows(List<String> lines) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.contains("nvidia-smi"))
        .filter(line -> SmiFailures.of(line).isEmpty() && !isOfALostCard(line))
        .toList();
  }

  /// Of a card that could not be opened some versions write a row with nothing but errors.
  private static boolean isOfALostCard(String row) {
    List<String> cells = cells(row);
    return cells.size() > 1 && cells.stream().allMatch("[Unknown Error]"::equals);
  }

  private static List<String> cells(String row) {
    return Arrays.stream(row.split(",", -1)).map(String::strip).toList();
  }

  private static boolean isHeader(List<String> cells) {
    int known = 0;
    for (String cell : cells) {
      Matcher column = COLUMN.matcher(cell);
      if (!column.matches()) {
        return false;
      }
      String name = column.group(1).toLowerCase(Locale.ROOT);
      boolean dotted = name.indexOf('.') > 0 && name.chars().anyMatch(Character::isLetter);
      known += dotted || PLAIN.contains(name) ? 1 : 0;
    }
    return known * 2 > cells.size();
  }

  private static boolean isBareRow(String row) {
    List<String> cells = cells(row);
    boolean numbers = cells.stream().allMatch(SmiCsv::isValue);
    return cells.stream().anyMatch(cell -> OWN.matcher(cell).matches())
        ? cells.size() > 1 || numbers
        : numbers && cells.size() > 1;
  }

  private static boolean isValue(String cell) {
    return NUMBER.matcher(cell).matches() || OWN.matcher(cell).matches();
  }

  private static Told bare(List<String> rows) throws MalformedException {
    List<GpuReading> gpus = new ArrayList<>();
    Map<String, String> missing = new LinkedHashMap<>();
    int width = cells(rows.getFirst()).size();
    for (String row : rows) {
      List<String> cells = cells(row);
      if (cells.size() < width) {
        throw new MalformedException(
            "a row has %d of %d values: cut off".formatted(cells.size(), width));
      }
      gpus.add(new GpuReading(identity(cells, gpus.size()), lost(cells)));
      for (int i = 0; i < cells.size(); i++) {
        if (SmiValue.isMissing(cells.get(i))) {
          missing.putIfAbsent("column " + (i + 1), SmiValue.bare(cells.get(i)));
        }
      }
    }
    return new Told(new GpuReport("", "", gpus, List.of()), List.of(), rows.size(), missing);
  }

  /// That a card is gone is told by any cell, whatever was asked there.
  private static Map<GpuField, Gauge> lost(List<String> cells) {
    for (String cell : cells) {
      Gauge gauge = SmiValue.gauge(cell, "");
      if (gauge instanceof Gauge.Missing none
          && (none.why() == Gauge.Why.LOST || none.said().contains("requires reset"))) {
        return Map.of(GpuField.USE, gauge);
      }
    }
    return Map.of();
  }

  private static GpuIdentity identity(List<String> cells, int index) {
    String uuid = first(cells, "GPU-[0-9a-fA-F-]{36}");
    String bus = first(cells, "[0-9A-Fa-f]{8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\\.[0-9A-Fa-f]");
    String name = first(cells, "(?:NVIDIA|GeForce|Tesla|Quadro) .{1,60}");
    return new GpuIdentity(index, name, uuid, bus);
  }

  private static String first(List<String> cells, String pattern) {
    return cells.stream().filter(cell -> cell.matches(pattern)).findFirst().orElse("");
  }

  private static Told named(List<String> header, List<String> rows) throws MalformedException {
    List<String> columns = new ArrayList<>();
    List<String> units = new ArrayList<>();
    for (String cell : header) {
      Matcher column = COLUMN.matcher(cell);
      columns.add(column.matches() ? column.group(1).toLowerCase(Locale.ROOT) : cell);
      units.add(column.matches() && column.group(2) != null ? column.group(2) : "");
    }
    List<Row> told = new ArrayList<>();
    Map<String, String> missing = new LinkedHashMap<>();
    for (String line : rows) {
      Row row = row(columns, units, line);
      row.values()
          .forEach((name, value) -> {
            if (SmiValue.isMissing(value)) {
              missing.putIfAbsent(name, SmiValue.bare(value));
            }
          });
      told.add(row);
    }
    return new Told(report(columns, told), columns, rows.size(), missing);
  }

  /// A process' name may have commas: what is too much belongs to it.
  private static Row row(List<String> columns, List<String> units, String line)
      throws MalformedException {
    List<String> cells = new ArrayList<>(cells(line));
    int name = columns.indexOf("process_name");
    if (cells.size() > columns.size() + MOST_COMMAS) {
      throw new MalformedException("a row has %d values".formatted(cells.size()));
    }
    while (cells.size() > columns.size() && name >= 0) {
      cells.set(name, cells.get(name) + ", " + cells.remove(name + 1));
    }
    if (cells.size() != columns.size()) {
      throw new MalformedException(
          "a row has %d values under %d columns: cut off".formatted(cells.size(), columns.size()));
    }
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> unit = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      values.putIfAbsent(columns.get(i), cells.get(i));
      unit.putIfAbsent(columns.get(i), units.get(i));
    }
    return new Row(values, unit);
  }

  private static GpuReport report(List<String> columns, List<Row> rows) {
    boolean processes = columns.contains("pid");
    Map<String, GpuReading> gpus = new LinkedHashMap<>();
    String driver = "";
    String cuda = "";
    for (Row row : rows) {
      driver = row.get("driver_version").orElse(driver);
      cuda = row.get("cuda_version").orElse(cuda);
      GpuReading one = gpu(row, gpus.size());
      // Many rows a card where rows are processes or pages, or where the look was repeated.
      String key = one.who().uuid() + one.who().busId();
      String card = key.isEmpty() ? row.get("index").orElse(String.valueOf(gpus.size())) : key;
      gpus.merge(card, one, (old, next) -> processes ? withProcess(old, next) : next);
    }
    return new GpuReport(driver, cuda, new ArrayList<>(gpus.values()), List.of());
  }

  private static GpuReading withProcess(GpuReading old, GpuReading next) {
    List<GpuProcess> all = new ArrayList<>(old.processes());
    all.addAll(next.processes());
    Map<GpuField, Gauge> gauges = old.ordered();
    gauges.put(GpuField.PROCESSES, Gauge.of(all.size()));
    return new GpuReading(old.who(), gauges, all);
  }

  private static GpuReading gpu(Row row, int position) {
    Map<GpuField, Gauge> gauges = new EnumMap<>(GpuField.class);
    row.values()
        .forEach((name, value) ->
            SmiFields.column(name)
                .ifPresent(field ->
                    SmiFields.better(gauges, field, SmiValue.gauge(value, row.unit(name)))));
    SmiFields.throttle(row.reasons())
        .ifPresent(bits -> SmiFields.better(gauges, GpuField.THROTTLE, bits));
    List<GpuProcess> processes = new ArrayList<>();
    row.get("pid").ifPresent(pid -> processes.add(process(row, pid)));
    if (!processes.isEmpty()) {
      gauges.put(GpuField.PROCESSES, Gauge.of(1));
    }
    String index = row.get("index").orElse("");
    GpuIdentity who =
        new GpuIdentity(
            index.matches("[0-9]{1,3}") ? Integer.parseInt(index) : position,
            row.get("name").or(() -> row.get("gpu_name")).orElse(""),
            row.get("uuid").or(() -> row.get("gpu_uuid")).orElse(""),
            row.get("pci.bus_id").or(() -> row.get("gpu_bus_id")).orElse(""));
    return new GpuReading(who, gauges, processes);
  }

  private static GpuProcess process(Row row, String pid) {
    Optional<String> memory =
        row.get("used_gpu_memory")
            .or(() -> row.get("used_memory"))
            .or(() -> row.get("max_memory_usage"));
    return new GpuProcess(
        SmiTree.pid(pid),
        row.get("process_name").or(() -> row.get("name")).orElse(""),
        SmiValue.gauge(memory.orElse("N/A"), "MiB"));
  }

  private record Row(Map<String, String> values, Map<String, String> units) {
    Optional<String> get(String name) {
      return Optional.ofNullable(values.get(name));
    }

    String unit(String name) {
      return units.getOrDefault(name, "");
    }

    Map<String, String> reasons() {
      Map<String, String> reasons = new LinkedHashMap<>();
      values.forEach((name, value) -> {
        if (name.contains("_reasons.") && !name.endsWith(".active")) {
          reasons.put(name, value);
        }
      });
      return reasons;
    }
  }
}
