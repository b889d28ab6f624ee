package dev.salvor.common.telemetry.captured;

import dev.salvor.common.telemetry.Captured;
import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.Verdict;
import dev.salvor.common.telemetry.gpu.GpuReadings;
import dev.salvor.common.telemetry.host.Cgroup;
import dev.salvor.common.telemetry.host.DiskTable;
import dev.salvor.common.telemetry.host.Mount;
import dev.salvor.common.telemetry.host.NvidiaProc;
import dev.salvor.common.telemetry.log.KernelEvent;
import dev.salvor.common.telemetry.log.KernelLog;
import dev.salvor.common.telemetry.log.LogConclusion;
import dev.salvor.common.telemetry.smi.Smi;
import dev.salvor.common.telemetry.smi.SmiVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells what the bytes of one captured file are, by their content, and reads them. Any bytes get a
/// verdict.
public final class FileReader {
  /// Of a file that may be a list of mounts, so many lines tell it.
  private static final int LOOKED_AT = 200;

  private FileReader() {}

  /// By content, or as what somebody says it is.
  ///
  /// @param name the file's own, without its directories: what a file with a single number is, only
  ///   its name tells
  public static Capture read(String name, byte[] bytes, Optional<Kind> as) {
    String text = Captured.text(bytes);
    Captured captured = Captured.of(text);
    Kind asked = as.orElse(Kind.UNKNOWN);
    if (captured.isBinary()) {
      return Capture.unreadable(asked, "it is binary, and no text that a box writes about itself");
    }
    if (captured.isBlank()) {
      return Capture.unreadable(asked, "there is nothing in it");
    }
    Optional<Kind.Family> family = as.map(Kind::family).or(() -> family(name, text, captured));
    if (family.isEmpty()) {
      return Capture.unreadable(
          Kind.UNKNOWN,
          "nothing in it is known here; --as KIND reads it as what you know it to be");
    }
    try {
      return switch (family.get()) {
        case SMI -> smi(text, captured);
        case LOG -> log(captured);
        case PROC -> proc(captured);
        case CGROUP -> cgroup(name, text, captured);
        case MOUNTS -> mounts(captured);
        case ANY -> throw new MalformedException("no reader is for it");
      };
    } catch (MalformedException e) {
      Kind kind = asked == Kind.UNKNOWN ? Kind.of(family.get()) : asked;
      return Capture.unreadable(kind, e.why());
    }
  }

  /// The more telling first: a log may quote nvidia-smi, and hardly anything quotes a log.
  private static Optional<Kind.Family> family(String name, String text, Captured captured) {
    List<String> lines = captured.lines();
    if (CgroupNames.isLike(name, lines)) {
      return Optional.of(Kind.Family.CGROUP);
    }
    if (NvidiaProc.isLike(lines)) {
      return Optional.of(Kind.Family.PROC);
    }
    if (DiskTable.isLike(lines) || isMounts(lines)) {
      return Optional.of(Kind.Family.MOUNTS);
    }
    if (KernelLog.isLike(lines)) {
      return Optional.of(Kind.Family.LOG);
    }
    return Smi.isLike(text, captured) ? Optional.of(Kind.Family.SMI) : Optional.empty();
  }

  /// Half of the lines are mounts.
  private static boolean isMounts(List<String> lines) {
    long told = lines.stream().filter(line -> !line.isBlank()).limit(LOOKED_AT).count();
    long mounts =
        lines.stream()
            .filter(line -> !line.isBlank())
            .limit(LOOKED_AT)
            .filter(line -> Mount.of(line).isPresent())
            .count();
    return mounts > 0 && mounts * 2 >= told;
  }

  private static Capture smi(String text, Captured captured) throws MalformedException {
    Smi.Told told;
    try {
      told = Smi.read(text, captured);
    } catch (MalformedException e) {
      return Capture.unreadable(
          text.stripLeading().startsWith("<") ? Kind.GPU_SMI_XML : Kind.GPU_SMI_TEXT, e.why());
    }
    SmiVerdict verdict = SmiVerdict.of(told);
    Kind kind =
        switch (told.form()) {
          case XML -> Kind.GPU_SMI_XML;
          case CSV -> Kind.GPU_SMI_CSV;
          case FAILURE -> Kind.GPU_SMI_ERROR;
          case QUERY, TABLE, LIST -> Kind.GPU_SMI_TEXT;
        };
    return new Capture(
        kind, verdict.verdict(), verdict.conclusion(), GpuReadings.of(told.report()));
  }

  private static Capture log(Captured captured) throws MalformedException {
    if (!KernelLog.isLike(captured.lines())) {
      throw new MalformedException("no line of it is one of a kernel's log");
    }
    List<KernelEvent> events = KernelLog.events(captured.lines());
    LogConclusion conclusion = LogConclusion.of(events);
    boolean onlyMemory =
        !events.isEmpty()
            && events.stream().allMatch(one -> one instanceof KernelEvent.OutOfMemory);
    return new Capture(
        onlyMemory ? Kind.HOST_OOM_KMSG : Kind.GPU_DMESG_XID,
        conclusion.verdict(),
        conclusion.conclusion(),
        conclusion.readings());
  }

  private static Capture proc(Captured captured) throws MalformedException {
    List<Reading> readings = NvidiaProc.readings(captured.lines());
    if (readings.isEmpty() && !NvidiaProc.isLike(captured.lines())) {
      throw new MalformedException("it names neither a version nor a card");
    }
    Optional<String> version = NvidiaProc.version(captured.lines());
    boolean asksForOne =
        captured.lines().stream().anyMatch(line -> line.startsWith("NVRM version:"));
    if (version.isEmpty() && (asksForOne || !NvidiaProc.isLike(captured.lines()))) {
      throw new MalformedException("no version stands behind NVRM version");
    }
    boolean excluded = NvidiaProc.isExcluded(captured.lines());
    String conclusion =
        excluded
            ? "the driver was told to leave this card out"
            : version
                .map(text -> "the kernel runs driver " + text)
                .orElse("the driver knows this card");
    return new Capture(
        Kind.GPU_PROC, excluded ? Verdict.PARSE_OK_FAULT : Verdict.PARSE_OK, conclusion, readings);
  }

  private static Capture cgroup(String name, String text, Captured captured)
      throws MalformedException {
    if (!CgroupNames.isLikeAny(captured.lines())) {
      throw new MalformedException("its lines are none of a control group's");
    }
    return cgroup(Map.of(CgroupNames.of(name, captured.lines()), text));
  }

  static Capture cgroup(Map<String, String> files) throws MalformedException {
    Cgroup group = new Cgroup(files);
    if (!CgroupNames.isSound(files)) {
      throw new MalformedException("its numbers are none: cut off, or no control group's");
    }
    List<Reading> readings = new ArrayList<>(group.memoryReadings());
    readings.addAll(group.cpuReadings());
    return new Capture(Kind.HOST_CGROUP, group.verdict(), group.conclusion(), readings);
  }

  private static Capture mounts(Captured captured) throws MalformedException {
    MountReport report = MountReport.of(captured.lines());
    return new Capture(Kind.HOST_MOUNTS, Verdict.PARSE_OK, report.conclusion(), report.readings());
  }
}
