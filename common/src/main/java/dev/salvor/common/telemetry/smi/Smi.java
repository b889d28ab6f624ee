package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.Captured;
import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.gpu.GpuReading;
import dev.salvor.common.telemetry.gpu.GpuReport;
import dev.salvor.common.telemetry.gpu.GpuTrouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads anything that nvidia-smi prints, whichever form it has, and the failures beside it.
public final class Smi {
  private static final String XML_END = "</nvidia_smi_log>";

  private Smi() {}

  /// What a text of nvidia-smi's is.
  public enum Form {
    XML,
    /// The long text of -q.
    QUERY,
    TABLE,
    CSV,
    /// -L, nvlink, topo, dmon, pmon.
    LIST,
    /// A failure and nothing else.
    FAILURE
  }

  /// What was told, by whom.
  ///
  /// @param missing columns of a CSV that hold "not to be had" for a card, with its word
  /// @param columns of a CSV, empty where it has no header
  public record Told(
      Form form, GpuReport report, Map<String, String> missing, List<String> columns) {
    public Told {
      missing = Map.copyOf(missing);
      columns = List.copyOf(columns);
    }
  }

  /// Whether a text is nvidia-smi's, or of those who say that it failed.
  public static boolean isLike(String text, Captured captured) {
    List<String> lines = captured.lines();
    return SmiXml.isLike(text)
        || SmiQuery.isLike(lines)
        || SmiTable.isLike(lines)
        || SmiLists.isLike(lines)
        || !SmiFailures.in(lines).isEmpty()
        || SmiCsv.isLike(lines);
  }

  public static Told read(byte[] bytes) throws MalformedException {
    String text = Captured.text(bytes);
    return read(text, Captured.of(text));
  }

  public static Told read(String text, Captured captured) throws MalformedException {
    List<String> lines = captured.lines();
    if (SmiXml.isLike(text)) {
      return told(Form.XML, SmiXml.read(text), SmiFailures.in(around(text)));
    }
    List<GpuTrouble> troubles = SmiFailures.in(lines);
    if (SmiQuery.isLike(lines)) {
      return told(Form.QUERY, SmiQuery.read(lines), troubles);
    }
    if (SmiTable.isLike(lines)) {
      GpuReport table = SmiTable.read(lines);
      if (table.gpus().isEmpty() && troubles.isEmpty()) {
        throw new MalformedException("the table ends before its first card: cut off");
      }
      return told(Form.TABLE, table, troubles);
    }
    if (SmiLists.isLike(lines)) {
      return told(Form.LIST, SmiLists.read(lines), troubles);
    }
    if (SmiCsv.isLike(lines)) {
      SmiCsv.Told csv = SmiCsv.read(lines);
      Told told = told(Form.CSV, csv.report(), troubles);
      return new Told(Form.CSV, told.report(), csv.missing(), csv.columns());
    }
    if (troubles.isEmpty()) {
      throw new MalformedException("nothing in it is a form of nvidia-smi's output");
    }
    return told(Form.FAILURE, new GpuReport("", "", List.of(), List.of()), troubles);
  }

  private static Told told(Form form, GpuReport report, List<GpuTrouble> troubles) {
    List<GpuTrouble> all = new ArrayList<>(troubles);
    all.addAll(report.troubles());
    List<GpuReading> gpus = report.gpus();
    return new Told(
        form, new GpuReport(report.driver(), report.cuda(), gpus, all), Map.of(), List.of());
  }

  /// What stands before the document and behind it.
  private static List<String> around(String text) {
    int begin = text.indexOf('<');
    int end = text.lastIndexOf(XML_END);
    List<String> lines = new ArrayList<>(text.substring(0, Math.max(0, begin)).lines().toList());
    if (end >= 0) {
      lines.addAll(text.substring(end + XML_END.length()).lines().toList());
    }
    return lines;
  }
}
