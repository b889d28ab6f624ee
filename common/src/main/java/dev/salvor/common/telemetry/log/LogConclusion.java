package dev.salvor.common.telemetry.log;

import dev.salvor.common.telemetry.Amounts;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.Verdict;
import dev.salvor.common.telemetry.gpu.GpuConclusion.Grade;
import dev.salvor.common.telemetry.gpu.Xid;
import dev.salvor.common.telemetry.log.KernelEvent.CardGone;
import dev.salvor.common.telemetry.log.KernelEvent.Complaint;
import dev.salvor.common.telemetry.log.KernelEvent.DriverFault;
import dev.salvor.common.telemetry.log.KernelEvent.OutOfMemory;
import dev.salvor.common.telemetry.log.KernelEvent.Segfault;
import dev.salvor.common.telemetry.log.KernelEvent.XidEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What follows from the kernel's log. The verdict is what outlasts the moment that was logged: a
/// card that is gone, memory or a link that is damaged. What passed, a kill or an error of one
/// program, is told and is no verdict on the box.
///
/// @param grade the box, by the worst that was logged
public record LogConclusion(
    Verdict verdict, Grade grade, String conclusion, List<Reading> readings) {
  private static final String GPU = "xid";
  private static final String HOST = "kernel";
  private static final int MOST_READINGS = 64;
  private static final int MOST_SENTENCES = 4;

  public LogConclusion {
    readings = List.copyOf(readings);
  }

  public static LogConclusion of(List<KernelEvent> events) {
    Map<String, Line> lines = new LinkedHashMap<>();
    for (KernelEvent event : events) {
      Line line = line(event);
      lines.merge(line.words(), line, (old, one) -> old.again());
    }
    List<Line> worstFirst = new ArrayList<>(lines.values());
    worstFirst.sort(Comparator.comparing(Line::grade).thenComparing(Line::verdict).reversed());
    Verdict verdict =
        worstFirst.stream().map(Line::verdict).reduce(Verdict.PARSE_OK, Verdict::worse);
    Grade grade = Grade.HEALTHY;
    for (Line line : worstFirst) {
      grade = line.grade().compareTo(grade) > 0 ? line.grade() : grade;
    }
    List<String> said = worstFirst.stream().limit(MOST_SENTENCES).map(Line::sentence).toList();
    String more =
        worstFirst.size() > MOST_SENTENCES
            ? "; and %d more".formatted(worstFirst.size() - MOST_SENTENCES)
            : "";
    String conclusion =
        said.isEmpty() ? "nothing about cards or memory is in it" : String.join("; ", said) + more;
    List<Reading> readings = worstFirst.stream().limit(MOST_READINGS).map(Line::reading).toList();
    return new LogConclusion(verdict, grade, conclusion, readings);
  }

  private static Line line(KernelEvent event) {
    return switch (event) {
      case XidEvent xid -> xid(xid);
      case CardGone gone ->
          new Line(
              GPU,
              "GPU %s is gone: leave the box (%s)".formatted(gone.card(), gone.said()),
              Grade.DEAD,
              Verdict.GPU_UNUSABLE,
              1);
      case DriverFault fault ->
          new Line(
              GPU,
              "the driver does not work here: leave the box (%s)".formatted(fault.said()),
              Grade.DEAD,
              Verdict.GPU_UNUSABLE,
              1);
      case OutOfMemory kill -> new Line(HOST, oom(kill), Grade.HEALTHY, Verdict.PARSE_OK, 1);
      case Segfault fault ->
          new Line(
              HOST,
              "%s broke its memory%s: the program's own fault"
                  .formatted(fault.process(), fault.in().isEmpty() ? "" : " in " + fault.in()),
              Grade.HEALTHY,
              Verdict.PARSE_OK,
              1);
      case Complaint complaint ->
          new Line(HOST, complaint.said(), Grade.HEALTHY, Verdict.PARSE_OK, 1);
    };
  }

  private static Line xid(XidEvent xid) {
    int number = xid.number();
    Xid.Meaning meaning = Xid.meaning(number);
    Verdict verdict = Verdict.PARSE_OK;
    if (meaning == Xid.Meaning.DEAD) {
      verdict = Verdict.GPU_UNUSABLE;
    } else if (Xid.isMemory(number) || meaning == Xid.Meaning.FOLLOW) {
      verdict = Verdict.GPU_DEGRADED;
    }
    String words = "%s on %s: %s".formatted(Xid.words(number), xid.card(), Xid.advice(number));
    return new Line(GPU, words, Xid.grade(number), verdict, 1);
  }

  private static String oom(OutOfMemory kill) {
    String held = kill.resident() < 0 ? "" : ", which held " + Amounts.bytes(kill.resident());
    if (kill.place().isEmpty()) {
      return "the host ran out of memory and killed %s (%d)%s"
          .formatted(kill.process(), kill.pid(), held);
    }
    String limit = kill.limit() < 0 ? "" : " of " + Amounts.bytes(kill.limit());
    return "%s reached its memory limit%s and %s (%d) was killed%s"
        .formatted(kill.place(), limit, kill.process(), kill.pid(), held);
  }

  /// One thing that was logged, and how often.
  private record Line(String probe, String words, Grade grade, Verdict verdict, int times) {
    Line again() {
      return new Line(probe, words, grade, verdict, times + 1);
    }

    String sentence() {
      return times > 1 ? "%s (%d times)".formatted(words, times) : words;
    }

    Reading reading() {
      return new Reading.Amount(probe, words, times, "times");
    }
  }
}
