package dev.salvor.controller.main;

import dev.salvor.common.telemetry.gpu.GpuConclusion.Grade;
import dev.salvor.common.telemetry.gpu.Xid;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.SeenReading;
import dev.salvor.controller.view.Cards;
import dev.salvor.controller.view.Vitals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a person must know of a box's readings, each once: a driver that hangs, a card that is lost
/// or slowed, an error that only leaving the box mends, a download that stands still.
final class Health {
  private static final int MAX_XID = 1000;

  private static final String LEAVE =
      "What is complete is copied out. 'salvor destroy RUN' leaves the box by permit; a job that"
          + " fails by it is told too.";

  private static final String WORN =
      "The job runs on, and more of the kind may follow. What is complete is copied out; 'salvor"
          + " destroy RUN' leaves the box by permit.";

  private static final String HELD =
      "The job has that much less. 'salvor drill RUN --yes' stops and starts the box, which may"
          + " free it; 'salvor destroy RUN' leaves it by permit.";

  private Health() {}

  static Optional<Fact.Announced> of(Caller caller, SeenReading reading, Instant at) {
    String name = reading.name();
    return switch (reading.what()) {
      case SeenReading.Absent absent when absent.why().startsWith("nvml_stuck") ->
          told(caller, at, "gpu-stuck", "its GPU driver hangs: " + absent.why(), LEAVE);
      case SeenReading.Absent absent
          when name.matches("gpu[0-9]{1,2}") && reading.probe().equals("gpu") ->
          told(caller, at, "gpu-lost", name + " does not answer: " + absent.why(), LEAVE);
      case SeenReading.Measured measured when name.matches("gpu[0-9]{1,2} xid") ->
          xid(caller, at, name, (int) Math.clamp(measured.value(), 0, MAX_XID));
      case SeenReading.Text text when name.matches("gpu[0-9]{1,2} slowed by") ->
          told(
              caller,
              at,
              "gpu-slow",
              "%s %s".formatted(name, text.value()),
              "The job runs slower than it is paid for: another box may be cheaper.");
      case SeenReading.Text text
          when reading.probe().equals("download") && name.equals("stalled") ->
          told(caller, at, "download-stalled", text.value(), "The job may wait for it for good.");
      case SeenReading.Absent _, SeenReading.Measured _, SeenReading.Text _ -> Optional.empty();
    };
  }

  /// What all readings of a box's cards together say; by the kind, so that a number that grows is
  /// not told again and again.
  static List<Fact.Announced> of(Caller caller, Vitals vitals, Instant at) {
    List<Fact.Announced> facts = new ArrayList<>();
    // A job may run: then only what the driver's list of processes shows is held by nobody.
    for (Cards.Finding finding : Cards.of(vitals, true)) {
      String next =
          switch (finding.kind()) {
            case "held" -> HELD;
            case String _ -> finding.grade().compareTo(Grade.LEAVE) >= 0 ? LEAVE : WORN;
          };
      told(caller, at, "gpu-%s-%d".formatted(finding.kind(), finding.card()), finding.words(), next)
          .ifPresent(facts::add);
    }
    return facts;
  }

  private static Optional<Fact.Announced> xid(Caller caller, Instant at, String name, int number) {
    return Xid.grade(number).compareTo(Grade.LEAVE) < 0
        ? Optional.empty()
        : told(
            caller,
            at,
            "gpu-xid-" + number,
            "%s %d (%s): %s".formatted(name, number, Xid.words(number), Xid.advice(number)),
            LEAVE);
  }

  private static Optional<Fact.Announced> told(
      Caller caller, Instant at, String key, String what, String next) {
    return Optional.of(
        new Fact.Announced(
            at,
            "box-%s-%s".formatted(caller.rental(), key),
            "Box %s: %s".formatted(caller, what),
            next));
  }
}
