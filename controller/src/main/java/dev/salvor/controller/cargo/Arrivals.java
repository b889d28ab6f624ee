package dev.salvor.controller.cargo;

import dev.salvor.common.unit.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The digests of files whose blocks came one after another, taken as they came: those files need
/// not be read again.
final class Arrivals {
  private final Map<Integer, Sha256> whole = new HashMap<>();
  private MessageDigest digest = Sha256.newDigest();
  private int file = -1;
  private long next;

  /// A block was written.
  ///
  /// @param blocks how many its file has
  void took(int ofFile, long index, long blocks, List<ByteBuffer> data) {
    // A block that comes once more may have other bytes.
    whole.remove(ofFile);
    if (index == 0) {
      digest = Sha256.newDigest();
      file = ofFile;
      next = 0;
    }
    if (ofFile != file || index != next) {
      file = -1;
      return;
    }
    for (ByteBuffer piece : data) {
      digest.update(piece.duplicate());
    }
    next++;
    if (next == blocks) {
      whole.put(file, Sha256.fromBytes(digest.digest()));
      file = -1;
    }
  }

  /// Empty where a file did not come so, or not all of it.
  Optional<Sha256> of(int ofFile) {
    return Optional.ofNullable(whole.get(ofFile));
  }
}
