package dev.salvor.common.inspect;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.util.Locale;
import java.util.regex.Pattern;

/// Any other file: its digest is all that can be checked, unless its name promises weights.
final class OtherFormat implements Format {
  /// Names that trainers give to what torch.save writes.
  private static final Pattern TORCH_BIN =
      Pattern.compile(
          "(pytorch_model|diffusion_pytorch_model|adapter_model|training_args|optimizer|scheduler)"
              + ".*\\.bin");

  @Override
  public String name() {
    return "other";
  }

  @Override
  public boolean isContentOf(Content content) {
    return false;
  }

  @Override
  public boolean isNameOf(Content content) {
    return true;
  }

  @Override
  public Inspection inspect(Content content) {
    boolean torch =
        content.named(".pt", ".pth", ".ckpt") || TORCH_BIN.matcher(content.fileName()).matches();
    if (!torch) {
      return Inspection.accepted(name());
    }
    if (content.size() == 0) {
      return Inspection.of(Verdict.REJECT_CORRUPT, name(), "An empty file");
    }
    String head = content.headText(64).strip().toLowerCase(Locale.ROOT);
    if (head.startsWith("<!doctype html") || head.startsWith("<html")) {
      return Inspection.of(
          Verdict.NOT_A_CHECKPOINT, "html", "A web page, saved where a checkpoint should be");
    }
    if (content.has(257, "ustar")) {
      return Inspection.of(
          Verdict.REJECT_CORRUPT, "tar", "A tar: torch's format until 0.1, no longer safe to load");
    }
    return Inspection.of(
        Verdict.REJECT_CORRUPT, name(), "Neither a zip nor a pickle under a PyTorch name");
  }
}
