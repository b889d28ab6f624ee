package dev.salvor.controller.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.salvor.common.telemetry.Amounts;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.captured.Capture;
import dev.salvor.common.telemetry.captured.Kind;
import dev.salvor.common.telemetry.captured.PathReader;
import dev.salvor.controller.view.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor inspect`: what files that were captured on a box say about it: cards and control groups
/// by the readers that its agent uses, the rest by readers of their own. Needs no controller and no
/// GPU.
@Command(
    name = "inspect",
    description = {
      "Tell what files captured on a box say: nvidia-smi's outputs and failures, the kernel's log,",
      "/proc/driver/nvidia, control groups, mounts and df. A directory is judged as one.",
      "Exit status 0 when every verdict is PARSE_OK or OK, else 3."
    })
final class InspectVerb implements Callable<Integer> {
  /// A person sees so many readings of a PATH; a program all.
  private static final int SHOWN = 40;

  @Mixin final Where where = new Where();

  @Option(
      names = "--as",
      paramLabel = "KIND",
      description = {
        "read them as this and do not tell it by their content: gpu-smi-xml, gpu-smi-csv,",
        "gpu-smi-text, gpu-smi-error, gpu-dmesg-xid, gpu-proc, host-cgroup, host-oom-kmsg,",
        "host-mounts"
      })
  String as = "";

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "files and directories")
  List<Path> paths = List.of();

  private final Session session;

  InspectVerb(Session session) {
    this.session = session;
  }

  /// One PATH as it is printed.
  record Row(
      String path,
      String kind,
      String verdict,
      String conclusion,
      List<Map<String, Object>> readings) {}

  @Override
  public Integer call() throws Failure, JsonProcessingException {
    Optional<Kind> kind = kind();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new Failure(
            Exit.USAGE,
            ("Cannot inspect %s: there is no such file. Name files or a directory that you copied"
                    + " from a box, as 'nvidia-smi -q -x >smi.xml' or 'dmesg >dmesg.txt' write"
                    + " them there.")
                .formatted(Words.printable(path.toString())));
      }
    }
    List<Row> rows = new ArrayList<>();
    boolean fine = true;
    for (Path path : paths) {
      Capture capture = PathReader.read(path, kind);
      fine &= capture.verdict().fine();
      rows.add(row(path, capture));
      if (!where.json()) {
        text(path, capture).forEach(session.out()::println);
      }
    }
    if (where.json()) {
      ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      session.out().println(json.writeValueAsString(rows));
    }
    return (fine ? Exit.OK : Exit.REFUSED).code();
  }

  private Optional<Kind> kind() throws Failure {
    if (as.isEmpty()) {
      return Optional.empty();
    }
    Optional<Kind> kind = Kind.of(as);
    if (kind.isEmpty()) {
      String known =
          Arrays.stream(Kind.values())
              .map(Kind::id)
              .filter(id -> Kind.of(id).isPresent())
              .collect(Collectors.joining(", "));
      throw new Failure(
          Exit.USAGE,
          ("Cannot read files as %s: there is no such kind. Say one of %s, or leave --as out: then"
                  + " their content tells.")
              .formatted(Words.printable(as), known));
    }
    return kind;
  }

  private static Row row(Path path, Capture capture) {
    return new Row(
        path.toString(),
        capture.kind().id(),
        capture.verdict().name(),
        capture.conclusion(),
        capture.readings().stream().map(InspectVerb::reading).toList());
  }

  private static Map<String, Object> reading(Reading reading) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("probe", reading.probe());
    json.put("name", reading.name());
    switch (reading) {
      case Reading.Amount amount -> {
        json.put("value", amount.value());
        json.put("unit", amount.unit());
      }
      case Reading.Text text -> json.put("text", text.value());
      case Reading.Absent absent -> json.put("absent", absent.why());
    }
    return json;
  }

  /// What a box wrote may hold anything.
  private static List<String> text(Path path, Capture capture) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %s  (%s)"
            .formatted(
                capture.verdict(), Words.printable(path.toString()), capture.kind().words()));
    lines.add("  " + Words.printable(capture.conclusion()));
    List<Reading> readings = capture.readings();
    List<Reading> shown = readings.subList(0, Math.min(SHOWN, readings.size()));
    int width = shown.stream().mapToInt(one -> Math.min(48, one.name().length())).max().orElse(0);
    for (Reading one : shown) {
      lines.add(
          "    "
              + Words.printable(
                  ("%-" + Math.max(1, width) + "s  %s").formatted(one.name(), value(one))));
    }
    if (readings.size() > shown.size()) {
      lines.add("    and %d more: --output json".formatted(readings.size() - shown.size()));
    }
    return lines;
  }

  private static String value(Reading reading) {
    return switch (reading) {
      case Reading.Amount amount when amount.unit().equals("bytes") ->
          Amounts.bytes(amount.value());
      case Reading.Amount amount -> Amounts.plain(amount.value()) + " " + amount.unit();
      case Reading.Text text -> text.value();
      case Reading.Absent absent -> "- (" + absent.why() + ")";
    };
  }
}
