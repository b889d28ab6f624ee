package dev.salvor.common.format;

import java.util.List;

/// Any other file: its digest is all that can be checked, unless it is plainly a stand-in for a
/// checkpoint.
final class OtherFormat implements Format {
  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/";

  private static final String SEVEN_ZIP = "7z\u00bc\u00af'\u001c";

  @Override
  public String name() {
    return "other";
  }

  @Override
  public boolean recognises(Content content) {
    return true;
  }

  @Override
  public Inspection inspect(Content content) {
    if (content.startsWith(LFS_POINTER)) {
      return Inspection.of(
          Verdict.NOT_A_CHECKPOINT, "lfs-pointer", "A git-lfs pointer, not the file it stands for");
    }
    if (content.startsWith(SEVEN_ZIP)) {
      return Inspection.of(
          Verdict.NOT_A_CHECKPOINT, "7z", "A 7z archive, which no framework saves");
    }
    if (content.torchNamed() && !content.fileName().endsWith(".bin")) {
      return Inspection.of(
          Verdict.REJECT_CORRUPT, name(), "Neither a zip nor a pickle under a PyTorch name");
    }
    return new Inspection(Verdict.ACCEPT, name(), 0, List.of(), List.of());
  }
}
