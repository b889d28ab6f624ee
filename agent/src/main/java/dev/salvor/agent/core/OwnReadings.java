package dev.salvor.agent.core;

import dev.salvor.common.telemetry.Reading;
import java.util.ArrayList;
import java.util.List;

/// What the agent itself knows that belongs beside what its probes saw: what the next checkpoint
/// takes and where it goes, and how many threads the job has.
final class OwnReadings {
  private OwnReadings() {}

  /// The news, with what is the agent's own.
  static List<Reading> beside(Turn turn, AgentEvent.ReadingsTaken taken) {
    List<Reading> all = new ArrayList<>(taken.news());
    if (turn.room.need().bytes() > 0) {
      all.add(new Reading.Amount("cargo", "next checkpoint", turn.room.need().bytes(), "bytes"));
    }
    for (Disk disk : turn.room.disks()) {
      all.add(new Reading.Text("cargo", "checkpoints on " + disk.place(), disk.place()));
      if (!looksAt(taken.readings(), disk)) {
        add(all, disk);
      }
    }
    if (turn.job instanceof JobPhase.Running && turn.vigil.threads() > 0) {
      all.add(new Reading.Amount("cpu", "threads", turn.vigil.threads(), "threads"));
    }
    return all;
  }

  /// Whether the probe of the usual places has this one.
  private static boolean looksAt(List<Reading> readings, Disk disk) {
    return readings.stream()
        .anyMatch(one ->
            one.probe().equals("disk")
                && one instanceof Reading.Amount amount
                && amount.name().startsWith("total ")
                && (amount.name().equals("total " + disk.place())
                    || amount.value() == disk.totalBytes()));
  }

  private static void add(List<Reading> all, Disk disk) {
    all.add(new Reading.Amount("disk", "total " + disk.place(), disk.totalBytes(), "bytes"));
    all.add(new Reading.Amount("disk", "free " + disk.place(), disk.freeBytes(), "bytes"));
    if (disk.inodes() > 0) {
      all.add(new Reading.Amount("disk", "inodes " + disk.place(), disk.inodes(), "inodes"));
      all.add(
          new Reading.Amount("disk", "inodes free " + disk.place(), disk.freeInodes(), "inodes"));
    }
  }
}
