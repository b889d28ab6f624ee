package dev.salvor.controller.view;

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

  /// A driver and a context or two take less.
  private static final long HELD_BYTES = 2L << 30;

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
        .map(place ->
            new VitalsView.Disk(
                place,
                room(vitals, "disk total " + place, "disk free " + place, "disk full " + place),
                room(
                    vitals,
                    "disk inodes " + place,
                    "disk inodes free " + place,
                    "disk inodes full " + place)))
        .toList();
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
    if (!(rental.job() instanceof Rental.JobState.Running)) {
      for (VitalsView.Gpu gpu : gpus(vitals)) {
        if (gpu.memoryUsed() > HELD_BYTES) {
          notes.add(
              "gpu%d holds %s and no job of ours runs: left by one that died, or somebody else's"
                  .formatted(gpu.index(), Words.bytes(gpu.memoryUsed())));
        }
      }
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
