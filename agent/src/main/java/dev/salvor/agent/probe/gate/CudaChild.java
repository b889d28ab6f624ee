package dev.salvor.agent.probe.gate;

import dev.salvor.agent.probe.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Runs the look through CUDA's own library in a throwaway process, where there is such a library.
final class CudaChild {
  /// Where container runtimes put the driver's libraries.
  private static final List<String> PLACES =
      List.of(
          "usr/lib/x86_64-linux-gnu",
          "usr/lib/aarch64-linux-gnu",
          "usr/lib64",
          "usr/local/nvidia/lib64",
          "usr/local/cuda/compat");

  private CudaChild() {}

  /// What it found.
  sealed interface Found {
    record Absent() implements Found {}

    /// It took up every device.
    ///
    /// @param version of CUDA, 12040 for 12.4; of the library that programs here get
    /// @param names as far as they were told
    record Works(int version, int devices, List<String> names) implements Found {
      public Works {
        names = List.copyOf(names);
      }
    }

    /// It did not come to its end.
    ///
    /// @param result of cuda.h's CUresult; 0 where it did not come so far
    record Fails(String why, int result) implements Found {}
  }

  static Found look(FitnessGate.Tools tools, Duration timeout)
      throws IOException, InterruptedException {
    if (!there(tools)) {
      return new Found.Absent();
    }
    List<String> command = new ArrayList<>(tools.java());
    command.add("cuda");
    Child.Ended ended = Child.run(command, timeout, tools.env());
    if (ended.late()) {
      return new Found.Fails(
          "the first look through CUDA hangs: nothing in %s s".formatted(timeout.toSeconds()), 0);
    }
    Optional<String> failed =
        ended.output().lines().filter(l -> l.startsWith(CudaCheck.FAILED + " ")).findFirst();
    if (failed.isPresent()) {
      return failed(failed.get());
    }
    OptionalInt version = number(ended.output(), CudaCheck.VERSION);
    OptionalInt devices = number(ended.output(), CudaCheck.DEVICES);
    boolean done = ended.output().lines().anyMatch(CudaCheck.DONE::equals);
    if (ended.exit() != 0 || !done || version.isEmpty() || devices.isEmpty()) {
      return new Found.Fails(
          "the first look through CUDA ended with %d".formatted(ended.exit()), 0);
    }
    return new Found.Works(version.getAsInt(), devices.getAsInt(), names(ended.output()));
  }

  /// "failed cuInit 803 words": as a person reads it.
  private static Found failed(String line) {
    String[] parts = line.split(" ", 4);
    boolean whole = parts.length == 4 && parts[2].matches("[0-9]{1,6}");
    return whole
        ? new Found.Fails(
            "%s failed (%s): %s".formatted(parts[1], parts[2], parts[3]),
            Integer.parseInt(parts[2]))
        : new Found.Fails("the first look through CUDA failed", 0);
  }

  private static List<String> names(String output) {
    return output
        .lines()
        .filter(line -> line.matches(CudaCheck.NAME + " [0-9]{1,3} .{1,100}"))
        .map(line -> line.split(" ", 3)[2])
        .toList();
  }

  private static boolean there(FitnessGate.Tools tools) {
    if (!tools.env().getOrDefault(CudaCheck.LIBRARY_VARIABLE, "").isEmpty()) {
      return true;
    }
    List<Path> places = new ArrayList<>(PLACES.stream().map(tools.root()::resolve).toList());
    for (String place : tools.env().getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
      if (place.startsWith("/")) {
        places.add(Path.of(place));
      }
    }
    return places.stream().anyMatch(place -> Files.exists(place.resolve(CudaCheck.LIBRARY)));
  }

  private static OptionalInt number(String output, String word) {
    return output
        .lines()
        .filter(line -> line.matches(word + " [0-9]{1,9}"))
        .mapToInt(line -> Integer.parseInt(line.substring(word.length() + 1)))
        .findFirst();
  }
}
