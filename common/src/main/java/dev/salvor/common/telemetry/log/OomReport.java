package dev.salvor.common.telemetry.log;

import dev.salvor.common.telemetry.log.KernelEvent.OutOfMemory;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts the kernel's report of an out-of-memory kill together, line by line: kernels 2.6 to 6.x
/// word it differently, and it begins with who asked and ends with who was killed.
final class OomReport {
  private static final long KIB = 1024;

  private static final Pattern INVOKED = Pattern.compile("(\\S.{0,62}?) invoked oom-killer:");

  /// Up to kernel 4.18.
  private static final Pattern TASK_IN =
      Pattern.compile("Task in (\\S{1,300}) killed as a result of limit of (\\S{1,300})");

  /// Since kernel 4.19.
  private static final Pattern CONSTRAINT =
      Pattern.compile(
          "oom-kill:constraint=(\\w{1,40}).{0,400}?(?:oom_memcg=([^,]{1,300}))?,task_memcg=");

  private static final Pattern LIMIT =
      Pattern.compile("memory: usage [0-9]{1,18}kB, limit ([0-9]{1,18})kB");

  private static final Pattern KILLED =
      Pattern.compile(
          "[Kk]ill(?:ed)? process ([0-9]{1,10})(?:, UID [0-9]{1,10})?,? \\(?([^(),]{1,64})\\)?");

  private static final Pattern RESIDENT = Pattern.compile("anon-rss:([0-9]{1,15})kB");

  /// No limit, as version 1 writes it in kB.
  private static final long NO_LIMIT = 1L << 50;

  private String place = "";
  private boolean contained;
  private long limit = -1;
  private Optional<OutOfMemory> intended = Optional.empty();

  /// A kill that this line completes.
  Optional<OutOfMemory> take(String line) {
    if (INVOKED.matcher(line).find()) {
      Optional<OutOfMemory> unfinished = rest();
      forget();
      return unfinished;
    }
    where(line);
    Matcher killed = KILLED.matcher(line);
    if (!killed.find()) {
      return Optional.empty();
    }
    contained |= line.contains("emory cgroup out of memory");
    OutOfMemory one = victim(killed, line);
    boolean past = line.contains("Killed process");
    if (!past) {
      // Older kernels say what they will do, and then that it is done.
      intended = Optional.of(one);
      return Optional.empty();
    }
    intended = Optional.empty();
    return Optional.of(one);
  }

  /// A kill that was announced and whose end the log does not have.
  Optional<OutOfMemory> rest() {
    Optional<OutOfMemory> unfinished = intended;
    intended = Optional.empty();
    return unfinished;
  }

  private void forget() {
    place = "";
    contained = false;
    limit = -1;
  }

  private void where(String line) {
    Matcher task = TASK_IN.matcher(line);
    if (task.find()) {
      place = task.group(2);
      contained = true;
    }
    Matcher constraint = CONSTRAINT.matcher(line);
    if (constraint.find()) {
      contained = constraint.group(1).equals("CONSTRAINT_MEMCG");
      place = constraint.group(2) == null ? "" : constraint.group(2);
    }
    Matcher bound = LIMIT.matcher(line);
    if (bound.find()) {
      long kib = Long.parseLong(bound.group(1));
      limit = kib < NO_LIMIT ? kib * KIB : -1;
    }
  }

  private OutOfMemory victim(Matcher killed, String line) {
    Matcher resident = RESIDENT.matcher(line);
    long held = resident.find() ? Long.parseLong(resident.group(1)) * KIB : -1;
    String where = contained && place.isEmpty() ? "a container" : place;
    return new OutOfMemory(
        killed.group(2).strip(),
        Long.parseLong(killed.group(1)),
        contained ? where : "",
        held,
        contained ? limit : -1);
  }
}
