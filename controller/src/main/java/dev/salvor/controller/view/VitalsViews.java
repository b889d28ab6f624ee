package dev.salvor.controller.view;

import dev.salvor.common.telemetry.host.CpuQuota;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.Room;
import dev.salvor.controller.core.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes what is shown of a box out of what its probes told.
final class VitalsViews {
  private static final int MAX_CARDS = 16;
  private static final int MAX_DISKS = 8;
  private static final int MAX_NOTES = 12;
  private static final int MAX_THREADS = 1_000_000;

  /// A slow line makes it look a little behind.
  private static final double WRONG_CLOCK_S = 5;

  private VitalsViews() {}

  static VitalsView of(RunState state, Vitals vitals) {
    Optional<Rental> rental =
        state.current().filter(r -> r.ref().toString().equals(vitals.rental()));
    if (rental.isEmpty()) {
      return VitalsView.NONE;
    }
    return new VitalsView(
        vitals.rental(),
        vitals.asOf(),
        gpus(vitals),
        disks(vitals),
        new VitalsView.Memory(
            whole(vitals, "memory used"),
            whole(vitals, "memory limit"),
            Math.max(0, whole(vitals, "memory oom_kill"))),
        cpu(vitals, rental.get()),
        traffic(vitals, rental.get()),
        whole(vitals, "cargo next checkpoint"),
        software(vitals),
        notes(state, vitals, rental.get()));
  }

  private static List<VitalsView.Gpu> gpus(Vitals vitals) {
    List<VitalsView.Gpu> gpus = new ArrayList<>();
    long count = Math.clamp(whole(vitals, "gpu count"), 0, MAX_CARDS);
    for (int i = 0; i < count; i++) {
      String gpu = "gpu gpu" + i;
      gpus.add(
          new VitalsView.Gpu(
              i,
              vitals.text(gpu),
              vitals.number(gpu + " use").orElse(-1),
              vitals.trend(gpu + " use"),
              vitals.number(gpu + " temperature").orElse(-1),
              vitals.number(gpu + " power").orElse(-1),
              whole(vitals, gpu + " memory used"),
              whole(vitals, gpu + " memory total")));
    }
    return gpus;
  }

  private static List<VitalsView.Disk> disks(Vitals vitals) {
    String total = "disk total ";
    return vitals.values().keySet().stream()
        .filter(key -> key.startsWith(total))
        .limit(MAX_DISKS)
        .map(key -> key.substring(total.length()))
        .map(place -> disk(vitals, place))
        .toList();
  }

  private static VitalsView.Disk disk(Vitals vitals, String place) {
    String kind = vitals.text("disk kind " + place);
    VitalsView.Room bytes =
        room(vitals, "disk total " + place, "disk free " + place, "disk full " + place);
    return new VitalsView.Disk(
        place,
        kind.isEmpty() ? "disk" : kind,
        vitals.values().containsKey("cargo checkpoints on " + place),
        kind.equals(VitalsView.Disk.MEMORY) ? granted(vitals, bytes) : bytes,
        room(
            vitals,
            "disk inodes " + place,
            "disk inodes free " + place,
            "disk inodes full " + place));
  }

  /// One in memory ends where the container's memory does.
  private static VitalsView.Room granted(Vitals vitals, VitalsView.Room room) {
    long used = whole(vitals, "memory used");
    long limit = whole(vitals, "memory limit");
    return used < 0 || limit < 0
        ? room
        : new VitalsView.Room(
            room.total(),
            Math.min(room.free(), Math.max(0, limit - used)),
            room.used(),
            room.fullInS());
  }

  private static VitalsView.Cpu cpu(Vitals vitals, Rental rental) {
    double allowed = vitals.number("cpu quota").orElse(-1);
    double seen = vitals.number("cpu seen").orElse(-1);
    boolean runs = rental.job() instanceof Rental.JobState.Running;
    long threads = runs ? whole(vitals, "cpu threads") : -1;
    return new VitalsView.Cpu(
        allowed,
        seen,
        vitals.number("cpu used").orElse(-1),
        whole(vitals, "cpu held back"),
        threads,
        CpuQuota.advice(Math.clamp(threads, 0, MAX_THREADS), allowed > 0 ? allowed : seen)
            .orElse(""));
  }

  private static VitalsView.Room room(Vitals vitals, String total, String free, String full) {
    double all = vitals.number(total).orElse(-1);
    List<Double> used =
        all <= 0
            ? List.of()
            : vitals.trend(free).stream().map(left -> Math.clamp(1 - left / all, 0, 1)).toList();
    return new VitalsView.Room(
        whole(vitals, total), whole(vitals, free), used, whole(vitals, full));
  }

  private static VitalsView.Traffic traffic(Vitals vitals, Rental rental) {
    long in = whole(vitals, "network in");
    long out = whole(vitals, "network out");
    Usd price =
        rental.offer().download(Math.max(0, in)).plus(rental.offer().upload(Math.max(0, out)));
    return new VitalsView.Traffic(in, out, price);
  }

  /// In words, as the box gave them.
  private static List<String> notes(RunState state, Vitals vitals, Rental rental) {
    List<String> notes = new ArrayList<>();
    if (rental.aboard().isShort()) {
      notes.add(shortage(state, rental.aboard().room()));
    }
    vitals
        .values()
        .forEach((key, value) -> {
          boolean card = key.matches("gpu gpu[0-9]{1,2}");
          if (card && value.absent()) {
            notes.add(key.substring("gpu ".length()) + " does not answer: " + value.text());
          } else if (key.matches("gpu gpu[0-9]{1,2} (slowed by|xid means)")) {
            notes.add(key.substring("gpu ".length()) + " " + value.text());
          } else if (key.equals("gpu gpu") && value.text().startsWith("nvml_stuck")) {
            notes.add(value.text());
          } else if (key.equals("download stalled") || key.startsWith("inodes eaten ")) {
            notes.add(key + ": " + value.text());
          }
        });
    boolean runs = rental.job() instanceof Rental.JobState.Running;
    Cards.of(vitals, runs).forEach(finding -> notes.add(finding.words()));
    room(notes, vitals);
    String advice = cpu(vitals, rental).advice();
    if (!advice.isEmpty()) {
      notes.add(advice);
    }
    double ahead = vitals.number("clock ahead").orElse(0);
    if (Math.abs(ahead) > WRONG_CLOCK_S) {
      notes.add(
          "its clock is %.0f s %s ours"
              .formatted(Math.abs(ahead), ahead > 0 ? "ahead of" : "behind"));
    }
    return notes.subList(0, Math.min(MAX_NOTES, notes.size()));
  }

  private static String shortage(RunState state, Room room) {
    Retention retention = state.spec().job().care().retention();
    return "the disk at %s ran short of %s: %s"
        .formatted(
            room.place(),
            room.lack(),
            retention.onBox() > 0
                ? "checkpoints that are home go from it; there stay " + retention.boxWords()
                : "nothing of the job's goes from it, unless run.yaml says so (scratch, on_box)");
  }

  /// Where the next checkpoint goes, and whether it will stay there.
  private static void room(List<String> notes, Vitals vitals) {
    long next = whole(vitals, "cargo next checkpoint");
    for (VitalsView.Disk disk : disks(vitals)) {
      if (disk.checkpoints() && disk.inMemory()) {
        notes.add(
            "checkpoints are written to %s, which is memory: a stop of the box takes them"
                .formatted(disk.place()));
      }
      if (disk.checkpoints() && disk.bytes().free() >= 0 && next > disk.bytes().free()) {
        notes.add(
            "the next checkpoint takes %s, and %s has %s free"
                .formatted(Words.bytes(next), disk.place(), Words.bytes(disk.bytes().free())));
      }
    }
  }

  private static SortedMap<String, String> software(Vitals vitals) {
    SortedMap<String, String> software = new TreeMap<>();
    vitals
        .values()
        .forEach((key, value) -> {
          boolean told = key.matches("gpu (driver|cuda of driver)|(cuda|code|boot) .+");
          if (told && !value.absent() && software.size() < MAX_NOTES) {
            software.put(key, value.text());
          }
        });
    return software;
  }

  private static long whole(Vitals vitals, String key) {
    return Math.round(vitals.number(key).orElse(-1));
  }
}
