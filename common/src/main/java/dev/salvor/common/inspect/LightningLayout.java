package dev.salvor.common.inspect;

import java.util.regex.Pattern;

/// Lightning: .ckpt files, each whole by itself, or a sharded directory with meta.pt
/// (lightning/fabric/strategies/fsdp.py). The step is in the files: last.ckpt does not name it.
final class LightningLayout implements Layout {
  private static final Pattern FILE = Pattern.compile("(last(-v[0-9]+)?|.*epoch=[0-9]+.*)\\.ckpt");

  @Override
  public String name() {
    return "lightning";
  }

  @Override
  public boolean recognises(Folder folder) {
    return folder.hasFile(FILE) || folder.has("meta.pt");
  }

  @Override
  public void judge(Folder folder, Finding into) {
    if (folder.has("meta.pt") && !folder.has(".metadata")) {
      into.incomplete("meta.pt and no .metadata: the shards were not finished");
    }
  }
}
