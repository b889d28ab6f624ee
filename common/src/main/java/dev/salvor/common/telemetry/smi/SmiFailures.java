package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.gpu.GpuTrouble;
import dev.salvor.common.telemetry.gpu.GpuTrouble.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The lines by which nvidia-smi, the shell that did not find it, and the container's runtime say
/// that there is no card to be had: all spellings that are known.
public final class SmiFailures {
  /// "GPU 0000:0A:00.0: GPU is lost", "GPU0000:CB:00.0: ...", "GPU1: 0000:34:00.0: ...".
  private static final Pattern HANDLE =
      Pattern.compile(
          "unable to determine the device handle for (?:gpu|device)\\s*"
              + "(?:([0-9]{1,3})(?::\\s*|\\s+|$))?([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-9a-f])?"
              + ":?\\s*(.{0,120})");

  private static final Pattern INFOROM =
      Pattern.compile(
          "infoROM is corrupted at gpu ([0-9A-Fa-f:.]{7,20})", Pattern.CASE_INSENSITIVE);

  private static final Pattern LOST =
      Pattern.compile("^gpu ?([0-9a-f:.]{0,20}?):? .{0,40}(?:is lost|fallen off the bus)");

  /// A phrase, in small letters, and what it means. The first that fits counts.
  private static final List<Map.Entry<String, Kind>> PHRASES =
      List.of(
          Map.entry("driver/library version mismatch", Kind.VERSION_MISMATCH),
          Map.entry("failed to initialize nvml: insufficient permissions", Kind.NO_PERMISSION),
          Map.entry("gpu access blocked by the operating system", Kind.NO_PERMISSION),
          Map.entry("failed to initialize nvml: gpu is lost", Kind.LOST),
          Map.entry("failed to initialize nvml: library not found", Kind.NO_LIBRARY),
          // In a container whose devices were taken away: by a reload of systemd, mostly.
          Map.entry("failed to initialize nvml: unknown error", Kind.NO_PERMISSION),
          Map.entry("failed to initialize nvml", Kind.NO_DRIVER),
          Map.entry("couldn't communicate with the nvidia driver", Kind.NO_DRIVER),
          Map.entry("couldn't find libnvidia-ml", Kind.NO_LIBRARY),
          Map.entry("couldn't find nvml", Kind.NO_LIBRARY),
          Map.entry("nvidia-smi has failed because you do not have", Kind.NO_PERMISSION),
          Map.entry("nvidia-smi has failed", Kind.NO_DRIVER),
          Map.entry("no devices were found", Kind.NO_DEVICES),
          Map.entry("no devices found", Kind.NO_DEVICES),
          Map.entry("nvml error: driver not loaded", Kind.NO_DRIVER),
          Map.entry("nvml error:", Kind.OTHER),
          Map.entry("nvidia-container-cli: initialization error", Kind.NO_DRIVER),
          Map.entry("could not select device driver", Kind.NO_LIBRARY),
          Map.entry("could not load the nvml library", Kind.NO_LIBRARY),
          Map.entry("unable to determine the number of", Kind.OTHER),
          Map.entry("reboot the system to recover this gpu", Kind.LOST));

  private static final Pattern NOT_FOUND =
      Pattern.compile(
          "nvidia-smi['\":]{0,3} ?(?:command not found|not found|no such file or directory"
              + "|executable file not found.{0,40}|is not recognized.{0,80}|permission denied)"
              + "|command not found:? nvidia-smi|command 'nvidia-smi' not found.{0,40}");

  private SmiFailures() {}

  public static List<GpuTrouble> in(List<String> lines) {
    List<GpuTrouble> troubles = new ArrayList<>();
    for (String line : lines) {
      of(line).ifPresent(troubles::add);
    }
    return troubles;
  }

  /// What a line says failed, if it does.
  public static Optional<GpuTrouble> of(String line) {
    String said = line.strip();
    String small = said.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
    Matcher handle = HANDLE.matcher(small);
    if (handle.find()) {
      String number = handle.group(1) == null ? "" : handle.group(1);
      String bus = handle.group(2) == null ? "" : handle.group(2);
      return Optional.of(new GpuTrouble(handleKind(handle.group(3)), card(number, bus), said));
    }
    Matcher inforom = INFOROM.matcher(said);
    if (inforom.find()) {
      return Optional.of(new GpuTrouble(Kind.INFOROM, inforom.group(1), said));
    }
    if (NOT_FOUND.matcher(small).find()) {
      return Optional.of(new GpuTrouble(Kind.NO_LIBRARY, "", said));
    }
    Matcher lost = LOST.matcher(small);
    if (lost.find()) {
      return Optional.of(new GpuTrouble(Kind.LOST, lost.group(1), said));
    }
    return PHRASES.stream()
        .filter(phrase -> small.contains(phrase.getKey()))
        .map(phrase -> new GpuTrouble(phrase.getValue(), "", said))
        .findFirst();
  }

  /// A card's number comes first: nvidia-smi gives one since it goes on with the other cards.
  private static String card(String number, String bus) {
    if (number.isEmpty()) {
      return bus;
    }
    return bus.isEmpty() ? number : number + ": " + bus;
  }

  private static Kind handleKind(String reason) {
    if (reason.contains("lost")) {
      return Kind.LOST;
    }
    return reason.contains("permission") ? Kind.NO_PERMISSION : Kind.NO_HANDLE;
  }
}
