package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The checkpoint before, of the same series and with files of the same sizes, as it lies on the
/// target: blocks of the new one may come packed against its blocks. For one thread.
final class EarlierUnit implements AutoCloseable {
  private static final Comparator<UnitId> AGE =
      Comparator.comparingInt(UnitId::generation)
          .thenComparingInt(UnitId::boot)
          .thenComparingLong(UnitId::captureSeq);

  private final Target target;
  private final RunId run;
  private final Unit unit;
  private InputStream in = InputStream.nullInputStream();
  private int file = -1;
  private long at;

  private EarlierUnit(Target target, RunId run, Unit unit) {
    this.target = target;
    this.run = run;
    this.unit = unit;
  }

  /// Empty where nothing like the unit is home, or the target does not say.
  static Optional<EarlierUnit> of(Target target, RunId run, Unit unit) {
    try {
      return target.units(run).stream()
          .filter(each -> each.kind() == UnitKind.CHECKPOINT && each.kind() == unit.kind())
          .filter(each -> !each.id().equals(unit.id()) && each.series().equals(unit.series()))
          .filter(each -> sizes(each).equals(sizes(unit)))
          .max(Comparator.comparing(Unit::id, AGE))
          .map(each -> new EarlierUnit(target, run, each));
    } catch (CargoException e) {
      return Optional.empty();
    }
  }

  private static List<Long> sizes(Unit unit) {
    return unit.manifest().files().stream().map(FileEntry::size).toList();
  }

  Unit unit() {
    return unit;
  }

  /// Empty where the target does not give it.
  Optional<byte[]> block(int ofFile, long from, int length) {
    try {
      if (ofFile != file || from < at) {
        in.close();
        in = target.read(run, unit.id(), unit.manifest().files().get(ofFile).path());
        file = ofFile;
        at = 0;
      }
      in.skipNBytes(from - at);
      byte[] block = in.readNBytes(length);
      at = from + block.length;
      return block.length == length ? Optional.of(block) : Optional.empty();
    } catch (IOException | CargoException e) {
      file = -1;
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // Read-only: nothing can be lost.
      file = -1;
    }
  }
}
