package dev.salvor.common.inspect;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;

/// A file of a distributed checkpoint: torch files back to back, which only the directory's
/// .metadata tells apart. Its layout judges them; alone there is nothing to be said of it.
final class ShardFormat implements Format {
  @Override
  public String name() {
    return "dcp-shard";
  }

  @Override
  public boolean isContentOf(Content content) {
    boolean slice = content.startsWith("PK\u0003\u0004") || content.headByte(0) == 0x80;
    return slice && content.named(".distcp");
  }

  @Override
  public Inspection inspect(Content content) {
    return Inspection.accepted(name());
  }
}
