package dev.salvor.agent.checkpoint;

import dev.salvor.common.checkpoint.Candidate;
import dev.salvor.common.checkpoint.Candidate.Part;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.disk.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Hard links that keep a trainer from rotating a checkpoint away before it is copied: at most the
/// one being sent and the newest. No snapshot: who writes in place writes into the pin too.
final class Pins {
  /// A pin holds the old bytes while the trainer writes the next ones.
  private static final double FREE_FACTOR = 1.5;

  /// The name of what is being read and has no id yet.
  private static final String NEXT = "next";

  private final Map<String, Path> pins = new LinkedHashMap<>();
  private Optional<String> sending = Optional.empty();
  private Optional<Path> held = Optional.empty();

  Pins() {}

  /// Takes over the pins that an earlier agent left below a checkpoint root.
  void adopt(Path checkpointRoot) throws IOException {
    for (Path place : places(checkpointRoot)) {
      if (!Files.isDirectory(place)) {
        continue;
      }
      try (Stream<Path> old = Files.list(place)) {
        old.sorted().forEach(pin -> pins.put(String.valueOf(pin.getFileName()), pin));
      }
    }
  }

  /// Beside the root, or in it where that is another file system or not ours to write.
  private static List<Path> places(Path checkpointRoot) {
    Path beside = checkpointRoot.getParent();
    Path inside = PinPlace.in(checkpointRoot);
    return beside == null ? List.of(inside) : List.of(PinPlace.in(beside), inside);
  }

  /// Links the files before they are read, so that the trainer cannot take them away meanwhile;
  /// without room, or where the file system has no links, they are read where they are, and that is
  /// no error.
  Path hold(Candidate candidate) throws IOException {
    letGo();
    if (!hasRoom(candidate.root(), candidate.bytes())) {
      return candidate.base();
    }
    for (Path place : places(candidate.root())) {
      Path pin = place.resolve(NEXT);
      if (link(candidate, pin)) {
        held = Optional.of(pin);
        return pin;
      }
    }
    return candidate.base();
  }

  /// What was held is not a unit after all.
  void letGo() throws IOException {
    if (held.isPresent()) {
      Trees.remove(held.get());
      held = Optional.empty();
    }
  }

  /// What is held, or else linked now, is this unit: the newest, which takes the place of the one
  /// before unless that is being sent.
  void pin(Unit unit, Candidate candidate) throws IOException {
    if (held.isEmpty() && hold(candidate).equals(candidate.base())) {
      return;
    }
    keepOnly(sending);
    Path next = held.orElseThrow();
    Path pin = next.resolveSibling(unit.id().toString());
    Trees.remove(pin);
    try {
      Files.move(next, pin, StandardCopyOption.ATOMIC_MOVE);
      pins.put(unit.id().toString(), pin);
      held = Optional.empty();
    } catch (IOException e) {
      letGo();
    }
  }

  private static boolean link(Candidate candidate, Path pin) throws IOException {
    Trees.remove(pin);
    try {
      for (Part file : candidate.files()) {
        Path link = pin.resolve(file.path());
        Files.createDirectories(Objects.requireNonNull(link.getParent()));
        Files.createLink(link, candidate.base().resolve(file.path()));
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      Trees.remove(pin);
      return false;
    }
  }

  private static boolean hasRoom(Path checkpointRoot, long bytes) throws IOException {
    return Files.getFileStore(checkpointRoot).getUsableSpace() >= FREE_FACTOR * bytes;
  }

  /// Drops what is not being sent where the disk has grown too full for the next checkpoint.
  void yieldRoom(Path checkpointRoot, long nextBytes) throws IOException {
    if (!pins.isEmpty()
        && Files.isDirectory(checkpointRoot)
        && !hasRoom(checkpointRoot, nextBytes)) {
      keepOnly(sending);
    }
  }

  /// The name of the unit under way; its pin stays whatever comes after it.
  void sending(Optional<String> unit) {
    sending = unit;
  }

  void release(UnitId unit) throws IOException {
    String id = unit.toString();
    if (sending.equals(Optional.of(id))) {
      sending = Optional.empty();
    }
    Path pin = pins.remove(id);
    if (pin != null) {
      Trees.remove(pin);
    }
  }

  private void keepOnly(Optional<String> kept) throws IOException {
    for (String id : List.copyOf(pins.keySet())) {
      if (!kept.equals(Optional.of(id))) {
        Trees.remove(Objects.requireNonNull(pins.remove(id)));
      }
    }
  }
}
