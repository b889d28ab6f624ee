package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.StillDisk;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A box's disk: what the job wrote, and what the agent remembers. It survives a stop.
final class Disk {
  private static final String PLACE = "/work/checkpoints/model";

  private final List<Saved> saved = new ArrayList<>();

  /// Hard links that the agent holds: rotation does not take what they name.
  private final List<Saved> pins = new ArrayList<>();

  /// Nothing more fits on it.
  boolean full;

  /// Highest capture number of the present boot.
  long position;

  /// Newest boot whose order to proceed was carried out.
  int proceeded;

  /// Told that a newer generation runs; only an order to proceed ends it.
  boolean fenced;

  /// Its job came to its end, or it was told to be quiet; only an order to proceed ends it.
  boolean done;

  boolean everStarted;
  final Set<Long> orders = new HashSet<>();
  final Set<Saved> captured = new HashSet<>();

  /// A complete unit as it lies there.
  ///
  /// @param straggler finished by a writer that outlived its job
  /// @param at when it was finished, in milliseconds of the world
  /// @param parents digests of what its trainer had resumed from, back to the first
  record Saved(
      UnitKind kind,
      long step,
      Manifest manifest,
      boolean straggler,
      long at,
      Set<Sha256> parents) {
    Saved {
      parents = Set.copyOf(parents);
    }

    Sha256 digest() {
      return manifest.digest();
    }

    Unit unit(int generation, int boot, long seq, Instant at) {
      return new Unit(
          new UnitId(generation, boot, seq, digest()),
          kind,
          "sim",
          kind == UnitKind.CHECKPOINT ? step : 0,
          Completeness.COMMITTED,
          manifest,
          at);
    }

    /// As a fetched disk shows it.
    StillDisk.Found found(Instant at) {
      long shown = kind == UnitKind.CHECKPOINT ? step : 0;
      Path nowhere = Path.of("/");
      return new StillDisk.Found(kind, "sim", shown, Completeness.COMMITTED, manifest, at, nowhere);
    }
  }

  /// What a trainer writes.
  ///
  /// @param trail names its trajectory: the same trail and step give the same bytes
  record Written(UnitKind kind, long step, String trail, boolean straggler, int model) {}

  /// A checkpoint or result of one trajectory.
  static Saved write(Written what, long at, Set<Sha256> parents) {
    String text = what.kind() + " " + what.trail() + " " + what.step() + " " + what.model();
    boolean checkpoint = what.kind() == UnitKind.CHECKPOINT;
    String root = checkpoint ? PLACE + what.model() + "/step-" + what.step() : "/work/results";
    FileEntry file =
        new FileEntry("model", 1_000_000, Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    return new Saved(
        what.kind(), what.step(), new Manifest(root, List.of(file)), what.straggler(), at, parents);
  }

  /// Which of the models saved side by side this is.
  static char model(Manifest checkpoint) {
    return checkpoint.root().charAt(PLACE.length());
  }

  void add(Saved unit, int keep) {
    saved.removeIf(old -> old.manifest().root().equals(unit.manifest().root()));
    saved.add(unit);
    List<Saved> old =
        saved.stream()
            .filter(s -> s.kind() == UnitKind.CHECKPOINT && unit.kind() == s.kind())
            .filter(s -> model(s.manifest()) == model(unit.manifest()))
            .sorted(Comparator.comparingLong(Saved::step).reversed())
            .skip(keep)
            .toList();
    saved.removeAll(old);
  }

  /// Complete and on it, by whatever name.
  List<Saved> all() {
    List<Saved> all = new ArrayList<>(saved);
    pins.stream().filter(pin -> !saved.contains(pin)).forEach(all::add);
    return all;
  }

  /// What the trainer itself sees.
  List<Saved> own() {
    return List.copyOf(saved);
  }

  boolean has(Sha256 digest) {
    return all().stream().anyMatch(s -> s.digest().equals(digest));
  }

  Optional<Saved> newest() {
    return saved.stream()
        .filter(s -> s.kind() == UnitKind.CHECKPOINT)
        .max(Comparator.comparingLong(Saved::step));
  }

  /// Checkpoints that take room.
  long held() {
    return all().stream().filter(s -> s.kind() == UnitKind.CHECKPOINT).count();
  }

  int pinned() {
    return pins.size();
  }

  /// The newest of each model is held, so many in all; what is home is let go.
  void pin(Saved newest, int most, Predicate<Saved> home) {
    pins.removeIf(home);
    pins.add(newest);
    while (pins.size() > most) {
      pins.removeFirst();
    }
  }

  void dropPins() {
    pins.clear();
  }

  /// What the trainer finished after a moment is gone.
  void lose(Predicate<Saved> which) {
    saved.removeIf(which);
    pins.removeIf(which);
  }
}
