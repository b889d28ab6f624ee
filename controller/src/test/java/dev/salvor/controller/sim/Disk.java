package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A box's disk: what the job wrote, and what the agent remembers. It survives a stop.
final class Disk {
  private static final String PLACE = "/work/checkpoints/model";

  private final List<Saved> saved = new ArrayList<>();

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
  record Saved(UnitKind kind, long step, Manifest manifest, boolean straggler) {
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
  }

  /// A checkpoint or result of one trajectory: the same trail and step give the same bytes.
  static Saved write(UnitKind kind, long step, String trail, boolean straggler, int model) {
    String text = kind + " " + trail + " " + step + " " + model;
    String root = kind == UnitKind.CHECKPOINT ? PLACE + model + "/step-" + step : "/work/results";
    FileEntry file =
        new FileEntry("model", 1_000_000, Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    return new Saved(kind, step, new Manifest(root, List.of(file)), straggler);
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

  List<Saved> all() {
    return List.copyOf(saved);
  }

  boolean has(Sha256 digest) {
    return saved.stream().anyMatch(s -> s.digest().equals(digest));
  }

  Optional<Saved> newest() {
    return saved.stream()
        .filter(s -> s.kind() == UnitKind.CHECKPOINT)
        .max(Comparator.comparingLong(Saved::step));
  }
}
