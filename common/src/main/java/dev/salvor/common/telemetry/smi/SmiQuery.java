package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.GpuField;
import dev.salvor.common.telemetry.gpu.GpuIdentity;
import dev.salvor.common.telemetry.gpu.GpuProcess;
import dev.salvor.common.telemetry.gpu.GpuReading;
import dev.salvor.common.telemetry.gpu.GpuReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the long text of `nvidia-smi -q`, whole or a part of it (`-d`).
public final class SmiQuery {
  private static final String HEAD = "NVSMI LOG";
  private static final Pattern CARD = Pattern.compile("GPU ([0-9A-Fa-f:.]{7,20})");

  /// The longest has 40.
  private static final int LONGEST_NAME = 100;

  /// nvidia-smi indents 5 deep.
  private static final int DEEPEST = 32;

  private SmiQuery() {}

  public static boolean isLike(List<String> lines) {
    return lines.stream().anyMatch(line -> line.startsWith("==") && line.contains(HEAD));
  }

  /// A card that was cut off in the middle is missing nothing that could be told from here.
  public static GpuReport read(List<String> lines) throws MalformedException {
    Element root = tree(lines);
    List<GpuReading> gpus = new ArrayList<>();
    for (Element gpu : root.all("GPU")) {
      gpus.add(gpu(gpu, gpus.size()));
    }
    String driver = SmiXml.version(root.at("Driver Version"));
    if (gpus.isEmpty() && driver.isEmpty()) {
      throw new MalformedException("it names neither a driver nor a card");
    }
    String attached = root.at("Attached GPUs").orElse("");
    if (attached.matches("[0-9]{1,3}") && Integer.parseInt(attached) > gpus.size()) {
      throw new MalformedException(
          "%s cards are attached and %d are told: cut off".formatted(attached, gpus.size()));
    }
    String cuda = SmiXml.version(root.at("CUDA Version").or(() -> root.at("CUDA UMD Version")));
    return new GpuReport(driver, cuda, SmiTree.once(gpus), List.of());
  }

  private static GpuReading gpu(Element gpu, int index) {
    GpuIdentity who =
        new GpuIdentity(
            index, gpu.at("Product Name").orElse(""), gpu.at("GPU UUID").orElse(""), gpu.id());
    Map<GpuField, Gauge> gauges = SmiFields.query(gpu::at);
    SmiTree.common(gpu, gauges);
    List<GpuProcess> processes = processes(gpu);
    if (gpu.child("Processes").isPresent()) {
      gauges.put(GpuField.PROCESSES, Gauge.of(processes.size()));
    }
    return new GpuReading(who, gauges, processes);
  }

  private static List<GpuProcess> processes(Element gpu) {
    List<GpuProcess> processes = new ArrayList<>();
    for (Element list : gpu.all("Processes")) {
      for (Element one : list.all("Process ID")) {
        processes.add(
            new GpuProcess(
                SmiTree.pid(one.text()),
                one.at("Name").orElse(""),
                SmiValue.gauge(one.at("Used GPU Memory").orElse("N/A"), "")));
      }
    }
    return processes;
  }

  /// What is indented further belongs to the line above it.
  private static Element tree(List<String> lines) {
    Element root = new Element("", "");
    Deque<Level> path = new ArrayDeque<>();
    for (String line : lines) {
      String bare = line.strip();
      if (bare.isEmpty() || bare.startsWith("==")) {
        continue;
      }
      Level next = level(line.replace("\t", "    "), bare);
      while (!path.isEmpty()
          && (path.element().indent() >= next.indent() || path.size() >= DEEPEST)) {
        path.pop();
      }
      (path.isEmpty() ? root : path.element().element()).add(next.element());
      path.push(next);
    }
    return root;
  }

  private static Level level(String line, String bare) {
    int indent = line.length() - line.stripLeading().length();
    Matcher card = CARD.matcher(bare);
    if (indent == 0 && card.matches()) {
      return new Level(0, new Element("GPU", card.group(1)));
    }
    int colon = bare.indexOf(" :");
    if (colon < 0) {
      return new Level(indent, new Element(shortened(bare), ""));
    }
    Element element = new Element(shortened(bare.substring(0, colon).strip()), "");
    element.say(bare.substring(colon + 2).strip());
    return new Level(indent, element);
  }

  private static String shortened(String name) {
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  private record Level(int indent, Element element) {}
}
