package dev.salvor.controller.cli;

import dev.salvor.common.telemetry.Amounts;
import dev.salvor.controller.view.VitalsView;
import dev.salvor.controller.view.VitalsView.Disk;
import dev.salvor.controller.view.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A box's GPUs, disks, memory and traffic, for people: what is now, and how it went.
final class VitalsText {
  /// Columns of a graph; older looks are left out.
  private static final int GRAPH = 24;

  /// Nobody plans for what is further off.
  private static final long FAR_S = Duration.ofDays(7).toSeconds();

  private VitalsText() {}

  static List<String> of(VitalsView box, Canvas canvas) {
    List<String> lines = new ArrayList<>();
    for (VitalsView.Gpu gpu : box.gpus()) {
      lines.add("gpu %-5d %s".formatted(gpu.index(), gpu(gpu, canvas)));
    }
    for (VitalsView.Disk disk : box.disks()) {
      lines.add("disk      %s".formatted(bytes(disk, canvas)));
      if (disk.inodes().counted()) {
        lines.add("          %s".formatted(inodes(disk.inodes(), canvas)));
      }
      if (disk.checkpoints() && box.nextCheckpoint() > 0) {
        lines.add("          the next checkpoint takes %s of it".formatted(next(box)));
      }
    }
    if (box.nextCheckpoint() > 0 && box.disks().stream().noneMatch(Disk::checkpoints)) {
      lines.add("          the next checkpoint takes " + next(box));
    }
    if (box.memory().used() >= 0) {
      lines.add("memory    " + memory(box.memory()));
    }
    if (box.cpu().seen() > 0 || box.cpu().allowed() > 0) {
      lines.add("cpu       " + cpu(box.cpu()));
    }
    if (box.traffic().out() >= 0) {
      lines.add(
          "network   %s in, %s out, %s at this host's rates"
              .formatted(
                  Words.bytes(box.traffic().in()),
                  Words.bytes(box.traffic().out()),
                  box.traffic().price()));
    }
    if (!box.software().isEmpty()) {
      List<String> words = new ArrayList<>();
      box.software()
          .forEach((name, value) -> {
            if (!name.startsWith("boot ")) {
              words.add(name + " " + value);
            }
          });
      lines.add("software  " + Words.printable(String.join(", ", words)));
    }
    box.notes().forEach(note -> lines.add("note      " + Words.printable(note)));
    return lines;
  }

  private static String next(VitalsView box) {
    return Words.bytes(box.nextCheckpoint());
  }

  private static String cpu(VitalsView.Cpu cpu) {
    List<String> parts = new ArrayList<>();
    String of =
        cpu.allowed() > 0
            ? "%s processors (its programs see %s)"
                .formatted(count(cpu.allowed()), count(cpu.seen()))
            : "%s processors, no quota".formatted(count(cpu.seen()));
    parts.add(cpu.used() >= 0 ? "%s of %s".formatted(count(cpu.used()), of) : of);
    if (cpu.threads() > 0) {
      parts.add("%d threads".formatted(cpu.threads()));
    }
    if (cpu.heldBack() > 0) {
      parts.add("held back %d times".formatted(cpu.heldBack()));
    }
    return String.join(", ", parts);
  }

  private static String count(double number) {
    return number < 0 ? "?" : Amounts.plain(number);
  }

  private static String gpu(VitalsView.Gpu gpu, Canvas canvas) {
    List<String> parts = new ArrayList<>();
    parts.add(gpu.name().isEmpty() ? "no name" : Words.printable(gpu.name()));
    if (gpu.use() >= 0) {
      parts.add(String.format(Locale.ROOT, "%3.0f %%", gpu.use()));
    }
    if (gpu.celsius() >= 0) {
      parts.add(String.format(Locale.ROOT, "%.0f C", gpu.celsius()));
    }
    if (gpu.watts() >= 0) {
      parts.add(String.format(Locale.ROOT, "%.0f W", gpu.watts()));
    }
    if (gpu.memoryUsed() >= 0 && gpu.memoryTotal() > 0) {
      parts.add(
          "%s of %s".formatted(Words.bytes(gpu.memoryUsed()), Words.bytes(gpu.memoryTotal())));
    }
    List<Double> shares = gpu.uses().stream().map(use -> use / 100).toList();
    return String.join("  ", parts) + graph(shares, canvas);
  }

  private static String bytes(VitalsView.Disk disk, Canvas canvas) {
    VitalsView.Room room = disk.bytes();
    String kind =
        switch (disk.kind()) {
          case VitalsView.Disk.MEMORY -> " (memory)";
          case VitalsView.Disk.OVERLAY -> " (the container's own)";
          case String _ -> "";
        };
    return "%s%s  %s of %s free%s%s"
        .formatted(
            Words.printable(disk.place()),
            kind,
            Words.bytes(Math.max(0, room.free())),
            Words.bytes(Math.max(0, room.total())),
            graph(room.used(), canvas),
            full(room));
  }

  private static String inodes(VitalsView.Room room, Canvas canvas) {
    return "inodes %d of %d free%s%s"
        .formatted(Math.max(0, room.free()), room.total(), graph(room.used(), canvas), full(room));
  }

  private static String full(VitalsView.Room room) {
    return room.fullInS() < 0 || room.fullInS() > FAR_S
        ? ""
        : "  full in " + Words.time(Duration.ofSeconds(room.fullInS()));
  }

  private static String memory(VitalsView.Memory memory) {
    String limit = memory.limit() > 0 ? " of " + Words.bytes(memory.limit()) : ", no limit";
    String killed =
        memory.killed() > 0
            ? ", %s killed for it".formatted(Words.count(memory.killed(), "process"))
            : "";
    return Words.bytes(memory.used()) + limit + killed;
  }

  /// Shares of a whole: the lowest sign is nothing, the highest all.
  private static String graph(List<Double> shares, Canvas canvas) {
    return shares.size() < 2
        ? ""
        : "  "
            + LiveDisplay.shares(
                shares.subList(Math.max(0, shares.size() - GRAPH), shares.size()), canvas);
  }
}
