package dev.salvor.controller.view;

import dev.salvor.common.unit.Usd;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a run's box is: its GPUs, disks, memory and traffic. Numbers that are not known are -1.
///
/// @param rental whose, "1.1"; empty where nothing was told yet
/// @param nextCheckpoint bytes that it will take, by those before it
/// @param software driver, CUDA, framework, and the code's commit or digest, by name
/// @param notes what a person should see: a card that is slowed or lost, a download that stands
///   still
public record VitalsView(
    String rental,
    Instant asOf,
    List<Gpu> gpus,
    List<Disk> disks,
    Memory memory,
    Cpu cpu,
    Traffic traffic,
    long nextCheckpoint,
    SortedMap<String, String> software,
    List<String> notes) {
  static final VitalsView NONE =
      new VitalsView(
          "",
          Instant.EPOCH,
          List.of(),
          List.of(),
          new Memory(-1, -1, 0),
          new Cpu(-1, -1, -1, -1, -1, ""),
          new Traffic(-1, -1, Usd.ZERO),
          -1,
          new TreeMap<>(),
          List.of());

  public VitalsView {
    gpus = List.copyOf(gpus);
    disks = List.copyOf(disks);
    software = Collections.unmodifiableSortedMap(new TreeMap<>(software));
    notes = List.copyOf(notes);
  }

  /// One card.
  ///
  /// @param use in percent of time, and over the last while in `uses`
  public record Gpu(
      int index,
      String name,
      double use,
      List<Double> uses,
      double celsius,
      double watts,
      long memoryUsed,
      long memoryTotal) {
    public Gpu {
      uses = List.copyOf(uses);
    }
  }

  /// One file system.
  ///
  /// @param kind "disk"; "overlay" for the container's own layer; "memory" for one in memory
  /// @param checkpoints whether the job's checkpoints are written there
  public record Disk(String place, String kind, boolean checkpoints, Room bytes, Room inodes) {
    public static final String OVERLAY = "overlay";
    public static final String MEMORY = "memory";

    public boolean inMemory() {
      return kind.equals(MEMORY);
    }
  }

  /// Bytes or inodes of a file system.
  ///
  /// @param used over the last while, as shares of the total
  /// @param fullInS seconds until nothing is free at the pace of the last half hour
  public record Room(long total, long free, List<Double> used, long fullInS) {
    public Room {
      used = List.copyOf(used);
    }

    public boolean counted() {
      return total > 0;
    }
  }

  /// The container's memory.
  ///
  /// @param killed processes that died for it
  public record Memory(long used, long limit, long killed) {}

  /// The container's processors, against what its job starts.
  ///
  /// @param allowed by its quota; -1 where it has none
  /// @param seen by its programs, which is the host's number
  /// @param heldBack periods in which it had to wait for its quota
  /// @param threads of the job
  /// @param advice what to do about too many threads; "" where they fit
  public record Cpu(
      double allowed, double seen, double used, long heldBack, long threads, String advice) {}

  /// Since the container came up.
  ///
  /// @param price of it at the host's rates
  public record Traffic(long in, long out, Usd price) {}
}
