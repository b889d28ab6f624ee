package dev.salvor.common.telemetry.host;

import dev.salvor.common.telemetry.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what NVIDIA's kernel module shows under /proc/driver/nvidia: its version, and what it
/// knows of each card.
public final class NvidiaProc {
  /// "NVRM version: NVIDIA UNIX x86_64 Kernel Module 515.76 Mon Sep 12 ..."; the open module says
  /// "NVIDIA UNIX Open Kernel Module for x86_64 570.158.01 Release Build ...".
  private static final Pattern VERSION =
      Pattern.compile(
          "NVRM version:\\s+NVIDIA UNIX.{0,40}?Kernel"
              + " Module.{0,30}?\\s([0-9]{1,4}(?:\\.[0-9]{1,4}){1,2})\\b.*");

  private static final Pattern COMPILER = Pattern.compile("GCC version:\\s+(.{1,120})");
  private static final Pattern PAIR = Pattern.compile("([A-Z][A-Za-z ]{1,30}):\\s+(.{0,120})");

  /// The pairs of gpus/*/information that tell something.
  private static final Map<String, String> NAMES =
      Map.of(
          "Model", "model",
          "GPU UUID", "uuid",
          "Bus Location", "bus",
          "Video BIOS", "bios",
          "GPU Firmware", "firmware",
          "Device Minor", "minor");

  private static final String PROBE = "gpu";

  private NvidiaProc() {}

  public static boolean isLike(List<String> lines) {
    return lines.stream().anyMatch(line -> line.startsWith("NVRM version:"))
        || (lines.stream().anyMatch(line -> line.startsWith("Model:"))
            && lines.stream().anyMatch(line -> line.startsWith("GPU UUID:")))
        || lines.stream().anyMatch(line -> line.startsWith("ModifyDeviceFiles:"));
  }

  /// The driver's version; empty where the lines do not tell it.
  public static Optional<String> version(List<String> lines) {
    for (String line : lines) {
      Matcher version = VERSION.matcher(line);
      if (version.matches()) {
        return Optional.of(version.group(1));
      }
    }
    return Optional.empty();
  }

  /// Whether a card's information says that the card is not to be had.
  public static boolean isExcluded(List<String> lines) {
    return lines.stream().anyMatch(line -> line.matches("GPU Excluded:\\s+Yes\\s*"));
  }

  public static List<Reading> readings(List<String> lines) {
    List<Reading> readings = new ArrayList<>();
    version(lines).ifPresent(text -> readings.add(new Reading.Text(PROBE, "driver", text)));
    if (lines.stream().anyMatch(line -> line.contains("Open Kernel Module"))) {
      readings.add(new Reading.Text(PROBE, "module", "open"));
    }
    for (String line : lines) {
      Matcher compiler = COMPILER.matcher(line);
      Matcher pair = PAIR.matcher(line);
      if (compiler.matches()) {
        readings.add(new Reading.Text(PROBE, "compiler", compiler.group(1).strip()));
      } else if (pair.matches() && NAMES.containsKey(pair.group(1))) {
        String name = NAMES.getOrDefault(pair.group(1), "");
        readings.add(new Reading.Text(PROBE, name, pair.group(2).strip()));
      }
    }
    return readings;
  }
}
