package dev.salvor.agent.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The processes of one start of the job: its session, and whoever left it but carries its mark.
/// Nobody else: a number that another process has by now is not a member.
record Members(JobRecord job, String mark) {
  List<ProcStat> living() throws IOException {
    boolean sessionIsOurs =
        ProcStat.of(job.pid()).map(leader -> leader.startTicks() == job.start()).orElse(true);
    return ProcStat.all().stream()
        .filter(p -> p.pid() != job.shim() && p.startTicks() >= job.start())
        .filter(p -> (sessionIsOurs && p.session() == job.pid()) || carriesMark(p.pid()))
        .toList();
  }

  /// Those that catch the signal, but for whom their own parent's handler will do it: forked
  /// workers inherit handlers they were not meant for.
  List<ProcStat> catching(int signal) throws IOException {
    List<ProcStat> living = living();
    List<Long> catching =
        living.stream().map(ProcStat::pid).filter(pid -> catches(pid, signal)).toList();
    return living.stream()
        .filter(p -> catching.contains(p.pid()) && !catching.contains(p.parent()))
        .toList();
  }

  private boolean carriesMark(long pid) {
    if (mark.isEmpty()) {
      return false;
    }
    String entry = JobEnvironment.MARK + "=" + mark;
    return text("/proc/" + pid + "/environ")
        .filter(environ -> List.of(environ.split("\0", -1)).contains(entry))
        .isPresent();
  }

  private static boolean catches(long pid, int signal) {
    return text("/proc/" + pid + "/status").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("SigCgt:"))
        .anyMatch(line -> isSet(line.substring("SigCgt:".length()).strip(), signal));
  }

  private static boolean isSet(String mask, int signal) {
    try {
      return (Long.parseUnsignedLong(mask, 16) >>> (signal - 1) & 1) == 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Optional<String> text(String file) {
    try {
      return Optional.of(
          new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // It ended in this moment, or belongs to somebody else.
      return Optional.empty();
    }
  }
}
