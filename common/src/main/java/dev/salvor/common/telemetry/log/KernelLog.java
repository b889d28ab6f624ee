package dev.salvor.common.telemetry.log;

import dev.salvor.common.telemetry.log.KernelEvent.CardGone;
import dev.salvor.common.telemetry.log.KernelEvent.Complaint;
import dev.salvor.common.telemetry.log.KernelEvent.DriverFault;
import dev.salvor.common.telemetry.log.KernelEvent.Segfault;
import dev.salvor.common.telemetry.log.KernelEvent.XidEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the kernel's log as dmesg, /dev/kmsg, journalctl or syslog print it, and the log of
/// NVIDIA's fabric manager: whatever stands before the message is passed over.
public final class KernelLog {
  /// A log that floods says the same all over: these are enough to conclude from.
  static final int MOST_EVENTS = 100_000;

  /// The kernel's own lines have 1,024 characters; journals put some 100 before.
  private static final int MOST_LINE = 1_200;

  private static final Pattern XID =
      Pattern.compile(
          "NVRM: Xid"
              + " \\((?:PCI:)?([0-9A-Fa-f:.]{4,16})\\)\\s*:\\s*([0-9]{1,4})(?:,\\s*(.{0,300}))?");

  /// Before driver 300 there was no address of this form: "NVRM: Xid (0000:03:00): 13, ...".
  private static final Pattern OLD_XID =
      Pattern.compile("NVRM: Xid (?:\\([^)]{0,20}\\))?:? ?([0-9]{1,4}),\\s*(.{0,300})");

  private static final Pattern GONE =
      Pattern.compile(
          "(?:GPU|NVIDIA GPU|GPU at)\\s+(?:PCI:)?([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}"
              + "(?:\\.[0-9A-Fa-f])?)");

  private static final Pattern SEGFAULT =
      Pattern.compile(
          "(\\S{1,64})\\[([0-9]{1,10})\\](?:: segfault at | general protection)"
              + "(?:.{0,200}? in (\\S{1,200}?)\\[)?");

  /// What begins a line of one of these logs.
  private static final Pattern PREFIX =
      Pattern.compile(
          "\\[ *[0-9]{1,9}\\.[0-9]{1,9}\\].*"
              + "|\\[[A-Z][a-z]{2} +[A-Z]?[a-z]{0,2} *[0-9: ]{4,24}\\].*"
              + "|(?:kern|user|daemon|syslog) *:[a-z]+ *:.*"
              + "|[0-9]{1,3},[0-9]{1,19},[0-9]{1,19},[^;]{1,40};.*"
              + "|\\S{3,4} +[0-9]{1,2} [0-9:]{8} \\S+ kernel: .*"
              + "|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]{5,18}\\S{0,8} .*"
              + "|<[0-9]{1,3}>.*");

  private static final Pattern HINT =
      Pattern.compile(
          "NVRM: |nvidia-nvswitch|nvidia-peermem|invoked oom-killer|[Oo]ut of memory:"
              + "|oom-kill:constraint=|oom_reaper: |Killed process [0-9]+|: segfault at ");

  private KernelLog() {}

  /// Whether a text is such a log: by its phrases, else by how most of its lines begin.
  public static boolean isLike(List<String> lines) {
    int prefixed = 0;
    int seen = 0;
    for (String whole : lines) {
      String line = bounded(whole);
      if (HINT.matcher(line).find()) {
        return true;
      }
      if (!line.isBlank() && !line.startsWith("#")) {
        seen++;
        prefixed += PREFIX.matcher(line).matches() ? 1 : 0;
      }
    }
    return seen > 0 && prefixed * 3 >= seen;
  }

  /// In the log's order.
  public static List<KernelEvent> events(List<String> lines) {
    List<KernelEvent> events = new ArrayList<>();
    OomReport oom = new OomReport();
    for (int i = 0; i < lines.size() && events.size() < MOST_EVENTS; i++) {
      String line = bounded(lines.get(i));
      gpu(line, i, lines).ifPresent(events::add);
      oom.take(line).ifPresent(events::add);
      Matcher segfault = SEGFAULT.matcher(line);
      if (line.contains("segfault at ") && segfault.find()) {
        String in = segfault.group(3) == null ? "" : segfault.group(3);
        events.add(new Segfault(segfault.group(1), Long.parseLong(segfault.group(2)), in));
      }
    }
    oom.rest().ifPresent(events::add);
    return events;
  }

  private static String bounded(String line) {
    return line.length() > MOST_LINE ? line.substring(0, MOST_LINE) : line;
  }

  private static Optional<KernelEvent> gpu(String line, int at, List<String> lines) {
    Matcher xid = XID.matcher(line);
    if (xid.find()) {
      String detail = xid.group(3) == null ? "" : xid.group(3).strip();
      return Optional.of(new XidEvent(Integer.parseInt(xid.group(2)), xid.group(1), detail));
    }
    Matcher old = OLD_XID.matcher(line);
    if (old.find()) {
      return Optional.of(new XidEvent(Integer.parseInt(old.group(1)), "", old.group(2).strip()));
    }
    String small = line.toLowerCase(Locale.ROOT);
    if (small.contains("fallen off the bus") || small.contains("rminitadapter failed")) {
      return Optional.of(new CardGone(card(at, lines), message(line)));
    }
    boolean driver =
        small.contains("nvrm: api mismatch")
            || small.contains("nvrm: no nvidia")
            || small.contains("nvidia probe routine failed")
            || small.contains("nvrm: none of the nvidia");
    if (driver) {
      return Optional.of(new DriverFault(message(line)));
    }
    boolean complaint =
        (small.contains("nvidia-peermem") && small.contains("error"))
            || (small.contains("nvidia-nvswitch") && small.contains("sxid"))
            || small.contains("[error]")
            || small.contains("nvlink fatal error");
    return complaint ? Optional.of(new Complaint(message(line))) : Optional.empty();
  }

  /// The sentence about a lost card goes over three lines; its address is in the first.
  private static String card(int at, List<String> lines) {
    for (int i = at; i >= Math.max(0, at - 2); i--) {
      Matcher gone = GONE.matcher(lines.get(i));
      if (gone.find()) {
        return gone.group(1);
      }
    }
    return "";
  }

  private static String message(String line) {
    int at = Math.max(line.indexOf("NVRM: "), line.indexOf("nvidia"));
    String said = at >= 0 ? line.substring(at) : line.strip();
    return said.length() > 200 ? said.substring(0, 200) + "..." : said;
  }
}
