package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.GpuField;
import dev.salvor.common.telemetry.gpu.GpuIdentity;
import dev.salvor.common.telemetry.gpu.GpuProcess;
import dev.salvor.common.telemetry.gpu.GpuReading;
import dev.salvor.common.telemetry.gpu.GpuReport;
import dev.salvor.common.telemetry.gpu.GpuTrouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads `nvidia-smi -q -x`, document types 4 to 13. Also several documents in a row, as `-l`
/// writes them: the last whole one counts.
public final class SmiXml {
  private static final String ROOT = "nvidia_smi_log";

  private SmiXml() {}

  /// Whether a text holds such a document, or the beginning of one.
  public static boolean isLike(String text) {
    return text.contains("<" + ROOT) || text.contains("<!DOCTYPE " + ROOT);
  }

  /// What the document says; the lines around it are another's matter.
  public static GpuReport read(String text) throws MalformedException {
    int from = Math.max(0, Math.min(indexOr(text, "<?xml"), indexOr(text, "<" + ROOT)));
    XmlReader.Parsed last = XmlReader.read(text, from);
    while (text.indexOf("</" + ROOT + ">", last.end()) >= 0) {
      last = XmlReader.read(text, last.end());
    }
    if (!last.root().name().equals(ROOT)) {
      throw new MalformedException("it is XML, but not nvidia-smi's: no <" + ROOT + ">");
    }
    return report(last.root());
  }

  private static int indexOr(String text, String word) {
    int at = text.indexOf(word);
    return at < 0 ? text.length() : at;
  }

  private static GpuReport report(Element root) throws MalformedException {
    List<GpuReading> gpus = new ArrayList<>();
    List<GpuTrouble> troubles = new ArrayList<>();
    for (Element gpu : root.all("gpu")) {
      gpus.add(gpu(gpu, gpus.size()));
    }
    if (gpus.isEmpty() && root.at("driver_version").isEmpty()) {
      throw new MalformedException("it names neither a driver nor a card");
    }
    if (gpus.isEmpty()) {
      troubles.add(new GpuTrouble(GpuTrouble.Kind.NO_DEVICES, "", "no <gpu> in it"));
    }
    return new GpuReport(
        version(root.at("driver_version")),
        version(root.at("cuda_version").or(() -> root.at("cuda_umd_version"))),
        gpus,
        troubles);
  }

  /// "Not Found" and "N/A" are no versions.
  static String version(Optional<String> said) {
    return said.filter(text -> text.matches("[0-9][0-9.]{0,19}")).orElse("");
  }

  private static GpuReading gpu(Element gpu, int index) {
    String bus = gpu.at("pci/pci_bus_id").orElse(gpu.id());
    GpuIdentity who =
        new GpuIdentity(
            index,
            gpu.at("product_name").or(() -> gpu.at("prod_name")).orElse(""),
            gpu.at("uuid").orElse(""),
            gpu.id().isEmpty() ? bus : gpu.id());
    Map<GpuField, Gauge> gauges = SmiFields.xml(gpu::at);
    SmiTree.common(gpu, gauges);
    List<GpuProcess> processes = processes(gpu);
    gauges.put(GpuField.PROCESSES, count(gpu, processes));
    return new GpuReading(who, gauges, processes);
  }

  private static Gauge count(Element gpu, List<GpuProcess> processes) {
    String said = gpu.at("processes").orElse("");
    return said.isEmpty() ? Gauge.of(processes.size()) : SmiValue.gauge(said, "");
  }

  private static List<GpuProcess> processes(Element gpu) {
    List<GpuProcess> processes = new ArrayList<>();
    for (Element list : gpu.all("processes")) {
      for (Element one : list.all("process_info")) {
        processes.add(
            new GpuProcess(
                SmiTree.pid(one.at("pid").orElse("")),
                one.at("process_name").orElse(""),
                SmiValue.gauge(one.at("used_memory").orElse("N/A"), "")));
      }
    }
    return processes;
  }
}
