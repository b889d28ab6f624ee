package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.GpuField;
import dev.salvor.common.telemetry.gpu.GpuIdentity;
import dev.salvor.common.telemetry.gpu.GpuReading;
import dev.salvor.common.telemetry.gpu.GpuReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads nvidia-smi's smaller outputs, line by line: the list of cards (-L) with MIG's slices, the
/// links (nvlink -s), the topology (topo -m), and its monitors (dmon, pmon).
public final class SmiLists {
  private static final Pattern CARD =
      Pattern.compile("GPU ([0-9]{1,3}): (.{1,80}?) \\(UUID: (GPU-[0-9A-Za-z-]{1,40})\\)");
  private static final Pattern SLICE =
      Pattern.compile("\\s*MIG \\S{1,30}\\s+Device\\s+([0-9]{1,3}): \\(UUID: (MIG-\\S{1,90})\\)");
  private static final Pattern LINK =
      Pattern.compile(
          "\\s*Link ([0-9]{1,3}): (?:<(inactive)>|([0-9.]{1,9}) GB/s).{0,40}",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern TOPOLOGY = Pattern.compile("\\s*GPU0\\s.*CPU Affinity.*");
  private static final Pattern TOPOLOGY_ROW = Pattern.compile("\\s*GPU([0-9]{1,3})\\s.*");
  private static final Pattern MONITOR = Pattern.compile("#\\s*(?:Date\\s+Time\\s+)?gpu\\s.*");

  private SmiLists() {}

  public static boolean isLike(List<String> lines) {
    return lines.stream()
        .anyMatch(line ->
            CARD.matcher(line).matches()
                || TOPOLOGY.matcher(line).matches()
                || MONITOR.matcher(line).matches());
  }

  public static GpuReport read(List<String> lines) {
    List<Card> cards = new ArrayList<>();
    Monitor monitor = new Monitor();
    boolean topology = false;
    for (String line : lines) {
      topology |= TOPOLOGY.matcher(line).matches();
      Matcher card = CARD.matcher(line.strip());
      Matcher row = TOPOLOGY_ROW.matcher(line);
      if (card.matches()) {
        cards.add(new Card(Integer.parseInt(card.group(1)), card.group(2), card.group(3)));
      } else if (topology && row.matches() && !line.contains("CPU Affinity")) {
        cards.add(new Card(Integer.parseInt(row.group(1)), "", ""));
      } else if (!cards.isEmpty()) {
        cards.getLast().tell(line);
      }
      monitor.tell(line);
    }
    List<GpuReading> gpus = new ArrayList<>(cards.stream().map(Card::reading).toList());
    gpus.addAll(monitor.readings());
    return new GpuReport("", "", gpus, List.of());
  }

  /// A card while its lines are read.
  private static final class Card {
    private final GpuIdentity who;
    private int slices;
    private int up;
    private int down;

    Card(int index, String name, String uuid) {
      who = new GpuIdentity(index, name, uuid, "");
    }

    void tell(String line) {
      Matcher link = LINK.matcher(line);
      if (link.matches()) {
        up += link.group(2) == null ? 1 : 0;
        down += link.group(2) == null ? 0 : 1;
      }
      slices += SLICE.matcher(line).matches() ? 1 : 0;
    }

    GpuReading reading() {
      Map<GpuField, Gauge> gauges = new EnumMap<>(GpuField.class);
      if (slices > 0) {
        gauges.put(GpuField.MIG, Gauge.of(true));
      }
      if (up + down > 0) {
        gauges.put(GpuField.NVLINKS_UP, Gauge.of(up));
        gauges.put(GpuField.NVLINKS_DOWN, Gauge.of(down));
      }
      return new GpuReading(who, gauges);
    }
  }

  /// The columns of dmon, the last line a card.
  private static final class Monitor {
    private static final Map<String, GpuField> COLUMNS =
        Map.of(
            "pwr", GpuField.POWER,
            "gtemp", GpuField.TEMPERATURE,
            "mtemp", GpuField.MEMORY_TEMPERATURE,
            "sm", GpuField.USE,
            "mem", GpuField.MEMORY_USE,
            "mclk", GpuField.MEMORY_CLOCK,
            "pclk", GpuField.CLOCK,
            "temp", GpuField.TEMPERATURE);

    private final Map<Integer, GpuReading> last = new TreeMap<>();
    private String[] columns = {};

    void tell(String line) {
      String[] words = line.strip().split("\\s+", -1);
      if (MONITOR.matcher(line).matches()) {
        columns = line.replaceFirst("#", " ").strip().split("\\s+", -1);
        return;
      }
      boolean perProcess = columns.length > 1 && List.of(columns).contains("pid");
      if (columns.length == 0 || perProcess || words.length < columns.length) {
        return;
      }
      int at = List.of(columns).indexOf("gpu");
      if (at < 0 || !words[at].matches("[0-9]{1,3}")) {
        return;
      }
      Map<GpuField, Gauge> gauges = new EnumMap<>(GpuField.class);
      for (int i = 0; i < columns.length; i++) {
        GpuField field = COLUMNS.get(columns[i]);
        if (field != null) {
          gauges.put(field, SmiValue.gauge(words[i].equals("-") ? "N/A" : words[i], ""));
        }
      }
      int index = Integer.parseInt(words[at]);
      last.put(index, new GpuReading(new GpuIdentity(index, "", "", ""), gauges));
    }

    List<GpuReading> readings() {
      return List.copyOf(last.values());
    }
  }
}
