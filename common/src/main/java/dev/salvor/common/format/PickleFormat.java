package dev.salvor.common.format;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A bare pickle, and torch's format before 1.6: five pickles and the storages behind them.
final class PickleFormat implements Format {
  private static final int PROTO = 0x80;
  private static final int NEWEST_PROTOCOL = 5;

  /// torch's magic number 0x1950a86a20f9469cfc6c and STOP, as protocols from 2 on and before write
  /// it.
  private static final String[] LEGACY_MAGIC = {
    "\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.", "L119547037146038801333356L\n."
  };

  private static final int LEGACY_PICKLES = 5;
  private static final int MAX_STREAMS = 10_000;

  @Override
  public String name() {
    return "pickle";
  }

  @Override
  public boolean recognises(Content content) {
    boolean named = content.fileName().endsWith(".pkl") || content.fileName().endsWith(".pickle");
    int protocol = content.headByte(1);
    return named
        || isLegacy(content)
        || (content.headByte(0) == PROTO && protocol >= 2 && protocol <= NEWEST_PROTOCOL);
  }

  private static boolean isLegacy(Content content) {
    return content.opensWith(LEGACY_MAGIC[0]) || content.opensWith(LEGACY_MAGIC[1]);
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    boolean legacy = isLegacy(content);
    PickleBytes bytes = new PickleBytes(content.stream(0, content.size()));
    PickleWalk walk = new PickleWalk(bytes);
    List<String> damage = new ArrayList<>();
    try {
      if (legacy) {
        legacy(walk, bytes, content.size());
      } else {
        streams(walk, bytes, content.size());
      }
    } catch (DamagedException | EOFException e) {
      damage.add(String.valueOf(e.getMessage()));
    }
    String format = legacy ? "pytorch-legacy" : name();
    return PickleJudge.judge(format, walk, damage, Verdict.ACCEPT, legacy);
  }

  private static void streams(PickleWalk walk, PickleBytes bytes, long size) throws IOException {
    for (int i = 0; i < MAX_STREAMS && (i == 0 || bytes.position() < size); i++) {
      walk.pickle();
    }
    if (bytes.position() < size) {
      throw new DamagedException("More than " + MAX_STREAMS + " pickles in one file");
    }
  }

  /// Behind the pickles lies, for each storage, a count of eight bytes and its elements; then the
  /// end.
  private static void legacy(PickleWalk walk, PickleBytes bytes, long size) throws IOException {
    for (int i = 0; i < LEGACY_PICKLES; i++) {
      walk.pickle();
    }
    long expected = 0;
    for (PickleValue.Storage storage : walk.storages().values()) {
      long length = TorchTensors.bytes(storage);
      if (length < 0) {
        return;
      }
      expected = Math.addExact(expected, Math.addExact(length, 8));
    }
    if (size - bytes.position() != expected) {
      throw new DamagedException(
          "%d bytes of storages, not %d".formatted(size - bytes.position(), expected));
    }
  }
}
