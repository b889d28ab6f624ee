package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.ZeroTail;
import dev.salvor.common.format.weights.SafetensorsHeader.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// safetensors: a JSON header that lays out every byte behind it.
public final class SafetensorsFormat implements Format {
  /// A zero tail shorter than this is as likely data as a writer caught at work.
  private static final long SUSPECT_TAIL = 4096;

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public boolean isContentOf(Content content) {
    // A header of under 100 MB leaves the upper four bytes of its length zero.
    for (int i = 4; i < SafetensorsHeader.PREFIX; i++) {
      if (content.headByte(i) != 0) {
        return false;
      }
    }
    return content.headByte(SafetensorsHeader.PREFIX) == '{'
        && content.headByte(SafetensorsHeader.PREFIX + 1) == '"';
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".safetensors");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    SafetensorsHeader header = SafetensorsHeader.read(content, name -> {});
    List<Extent> extents = new ArrayList<>(header.extents());
    contiguous(extents, content.size() - header.data());
    if (caughtInWriting(content, header.data(), extents)) {
      String reason = "Zeros from the middle of one tensor through others to the end of the file";
      return Inspection.of(
          Verdict.STRUCTURE_OK_BUT_INCOMPLETE, name(), extents.size(), List.of(reason));
    }
    List<String> remarks = notFinite(content, header.data(), extents);
    return Inspection.of(Verdict.ACCEPT, name(), extents.size(), remarks);
  }

  private static List<String> notFinite(Content content, long data, List<Extent> extents)
      throws IOException {
    List<String> names = new ArrayList<>();
    int more = 0;
    for (Extent extent : extents) {
      if (extent.floats().isPresent() && !finite(content, data, extent)) {
        if (names.size() < 3) {
          names.add(extent.tensor());
        } else {
          more++;
        }
      }
    }
    return names.isEmpty()
        ? List.of()
        : List.of(
            "%d tensors hold numbers that are not finite: %s%s"
                .formatted(
                    names.size() + more, String.join(", ", names), more > 0 ? " and others" : ""));
  }

  private static boolean finite(Content content, long data, Extent extent) throws IOException {
    long length = extent.end() - extent.begin();
    return FloatScan.finite(
        extent.floats().orElseThrow(), false, content.raw(data + extent.begin(), length));
  }

  /// Sorts the extents by place; they must cover the data exactly, without holes or overlap.
  private static void contiguous(List<Extent> extents, long dataBytes) throws IOException {
    extents.sort(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end));
    long at = 0;
    for (Extent extent : extents) {
      if (extent.begin() != at || extent.end() < extent.begin()) {
        throw new DamagedException(
            "InvalidOffset: %s begins at %d, not %d"
                .formatted(extent.tensor(), extent.begin(), at));
      }
      at = extent.end();
    }
    if (at != dataBytes) {
      throw new DamagedException(
          "MetadataIncompleteBuffer: %d bytes described, %d there".formatted(at, dataBytes));
    }
  }

  /// The reference writer sets the final length before it writes: a file caught then has a perfect
  /// header and ends in zeros that begin inside a tensor and swallow at least one more.
  private static boolean caughtInWriting(Content content, long data, List<Extent> extents)
      throws IOException {
    long zeros = ZeroTail.length(content, data);
    if (zeros < SUSPECT_TAIL) {
      return false;
    }
    long zerosFrom = content.size() - data - zeros;
    boolean insideOne = false;
    int swallowed = 0;
    for (Extent extent : extents) {
      insideOne |= extent.begin() < zerosFrom && zerosFrom < extent.end();
      swallowed += extent.begin() > zerosFrom && extent.end() > extent.begin() ? 1 : 0;
    }
    return insideOne && swallowed > 0 && zerosFrom > 0;
  }
}
