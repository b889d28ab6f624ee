package dev.salvor.common.wire;

import com.google.protobuf.ByteString;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.time.Instant;

/// Cargo units to and from the wire. Reading throws IllegalArgumentException on anything that is
/// not a valid unit.
public final class UnitWire {
  private UnitWire() {}

  /// As a carry process reads it from a file.
  public static byte[] bytes(Unit unit) {
    return write(unit).toByteArray();
  }

  public static dev.salvor.proto.v1.Unit write(Unit unit) {
    return dev.salvor.proto.v1.Unit.newBuilder()
        .setId(write(unit.id()))
        .setKind(
            switch (unit.kind()) {
              case CHECKPOINT -> dev.salvor.proto.v1.UnitKind.UNIT_KIND_CHECKPOINT;
              case RESULTS -> dev.salvor.proto.v1.UnitKind.UNIT_KIND_RESULTS;
            })
        .setFormat(unit.format())
        .setStep(unit.step())
        .setCompleteness(
            switch (unit.completeness()) {
              case COMMITTED -> dev.salvor.proto.v1.Completeness.COMPLETENESS_COMMITTED;
              case INFERRED -> dev.salvor.proto.v1.Completeness.COMPLETENESS_INFERRED;
            })
        .setManifest(write(unit.manifest()))
        .setWrittenAtMs(unit.writtenAt().toEpochMilli())
        .build();
  }

  public static Unit read(dev.salvor.proto.v1.Unit wire) {
    return new Unit(
        read(wire.getId()),
        switch (wire.getKind()) {
          case UNIT_KIND_CHECKPOINT -> UnitKind.CHECKPOINT;
          case UNIT_KIND_RESULTS -> UnitKind.RESULTS;
          case UNIT_KIND_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalArgumentException("A unit without a kind");
        },
        wire.getFormat(),
        wire.getStep(),
        switch (wire.getCompleteness()) {
          case COMPLETENESS_COMMITTED -> Completeness.COMMITTED;
          case COMPLETENESS_INFERRED -> Completeness.INFERRED;
          case COMPLETENESS_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalArgumentException("A unit of unknown completeness");
        },
        read(wire.getManifest()),
        Instant.ofEpochMilli(wire.getWrittenAtMs()));
  }

  public static dev.salvor.proto.v1.UnitId write(UnitId id) {
    return dev.salvor.proto.v1.UnitId.newBuilder()
        .setGeneration(id.generation())
        .setBoot(id.boot())
        .setCaptureSeq(id.captureSeq())
        .setManifestDigest(ByteString.copyFrom(id.manifestDigest().bytes()))
        .build();
  }

  public static UnitId read(dev.salvor.proto.v1.UnitId wire) {
    return new UnitId(
        wire.getGeneration(),
        wire.getBoot(),
        wire.getCaptureSeq(),
        digest(wire.getManifestDigest()));
  }

  public static dev.salvor.proto.v1.FileEntry write(FileEntry file) {
    return dev.salvor.proto.v1.FileEntry.newBuilder()
        .setPath(file.path())
        .setSize(file.size())
        .setSha256(ByteString.copyFrom(file.digest().bytes()))
        .build();
  }

  public static FileEntry read(dev.salvor.proto.v1.FileEntry wire) {
    return new FileEntry(wire.getPath(), wire.getSize(), digest(wire.getSha256()));
  }

  private static dev.salvor.proto.v1.Manifest write(Manifest manifest) {
    return dev.salvor.proto.v1.Manifest.newBuilder()
        .setRoot(manifest.root())
        .addAllFiles(manifest.files().stream().map(UnitWire::write).toList())
        .build();
  }

  private static Manifest read(dev.salvor.proto.v1.Manifest wire) {
    return new Manifest(wire.getRoot(), wire.getFilesList().stream().map(UnitWire::read).toList());
  }

  private static Sha256 digest(ByteString bytes) {
    return Sha256.fromBytes(bytes.toByteArray());
  }
}
