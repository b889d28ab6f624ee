package dev.salvor.common.format.pickle;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// A bare pickle, or several back to back to the end of the file.
public final class PickleFormat implements Format {
  private static final int PROTO = 0x80;
  private static final int NEWEST_PROTOCOL = 5;
  private static final int MAX_STREAMS = 10_000;

  /// The first opcodes of real pickles of the protocols 0 and 1.
  private static final String OLD_OPCODES = "(c]}KMJILSVXUTGFNi)";

  @Override
  public String name() {
    return "pickle";
  }

  @Override
  public boolean isContentOf(Content content) {
    return isProtocol(content)
        && content.headByte(1) >= 2
        && (content.size() == 2 || PickleWalk.isOpcode(content.headByte(2)));
  }

  private static boolean isProtocol(Content content) {
    return content.headByte(0) == PROTO
        && content.headByte(1) >= 0
        && content.headByte(1) <= NEWEST_PROTOCOL;
  }

  @Override
  public boolean isNameOf(Content content) throws IOException {
    return content.named(".pkl", ".pickle")
        || (content.torchNamed() && (isProtocol(content) || isOldPickle(content)));
  }

  /// The old protocols have no magic: what torch.load would unpickle, and walks to a STOP.
  private static boolean isOldPickle(Content content) throws IOException {
    if (OLD_OPCODES.indexOf(content.headByte(0)) < 0) {
      return false;
    }
    PickleWalk walk = new PickleWalk(new PickleBytes(content.stream(0, content.size())));
    try {
      walk.pickle();
      return true;
    } catch (DamagedException | EOFException e) {
      return walk.notes().imports().stream().anyMatch(PickleImports::isDangerous);
    }
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    PickleBytes bytes = new PickleBytes(content.stream(0, content.size()));
    PickleWalk walk = new PickleWalk(bytes);
    List<String> damage = new ArrayList<>();
    try {
      streams(walk, bytes, content.size());
    } catch (DamagedException | EOFException e) {
      damage.add(String.valueOf(e.getMessage()));
    }
    return PickleJudge.judge(
        walk.notes(),
        new PickleJudge.File(
            name(), false, Verdict.ACCEPT, OptionalLong.empty(), damage, List.of()));
  }

  private static void streams(PickleWalk walk, PickleBytes bytes, long size) throws IOException {
    for (int i = 0; i < MAX_STREAMS && (i == 0 || bytes.position() < size); i++) {
      walk.pickle();
    }
    if (bytes.position() < size) {
      throw new DamagedException("More than " + MAX_STREAMS + " pickles in one file");
    }
  }
}
