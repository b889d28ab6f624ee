package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.BlockPrint;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// Small units made of real bytes, and the sending of them.
final class Cargoes {
  static final RunId RUN = new RunId("demo");
  static final int BLOCK = 4096;

  private Cargoes() {}

  static byte[] noise(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /// One bit of a file is another.
  static void bend(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  static SortedMap<String, byte[]> files() {
    return new TreeMap<>(
        Map.of(
            "model.bin", noise(1, 10_000),
            "sub/optimizer.bin", noise(2, BLOCK * 2),
            "empty", new byte[0]));
  }

  static Unit unit(long seq, Map<String, byte[]> files) {
    List<FileEntry> entries = new ArrayList<>();
    files.forEach((path, data) -> entries.add(new FileEntry(path, data.length, Sha256.of(data))));
    return unit(seq, new Manifest("/work/ckpt/step-" + seq, entries));
  }

  static Unit unit(long seq, Manifest manifest) {
    return new Unit(
        new UnitId(1, 1, seq, manifest.digest()),
        UnitKind.CHECKPOINT,
        "files",
        seq * 100,
        Completeness.COMMITTED,
        manifest,
        Instant.EPOCH);
  }

  static void write(Path directory, Map<String, byte[]> files) throws IOException {
    for (var file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  static byte[] content(Map<String, byte[]> files, String path) {
    return Objects.requireNonNull(files.get(path));
  }

  /// Sends blocks that are not held, at most so many; how many were sent.
  static int send(Copy copy, Map<String, byte[]> files, int most) throws CargoException {
    List<HeldBlock> held = copy.held();
    List<FileEntry> entries = copy.unit().manifest().files();
    int sent = 0;
    for (int file = 0; file < entries.size(); file++) {
      byte[] data = content(files, entries.get(file).path());
      for (int index = 0; index * BLOCK < data.length && sent < most; index++) {
        ByteBuffer block =
            ByteBuffer.wrap(data, index * BLOCK, Math.min(BLOCK, data.length - index * BLOCK));
        HeldBlock key = new HeldBlock(file, index, BlockPrint.of(block));
        if (!held.contains(key)) {
          copy.accept(file, index, List.of(block));
          sent++;
        }
      }
    }
    return sent;
  }

  /// Proves by digest alone.
  static Prover.Proof prove(RunId run, Unit unit, Staged staged, String place) throws IOException {
    for (FileEntry file : unit.manifest().files()) {
      byte[] there = Files.readAllBytes(staged.data().resolve(file.path()));
      if (!Sha256.of(there).equals(file.digest())) {
        return new Prover.Proof.Disproven(file.path() + " differs");
      }
    }
    return new Prover.Proof.Proven("{\"place\":\"" + place + "\"}", List.of());
  }
}
