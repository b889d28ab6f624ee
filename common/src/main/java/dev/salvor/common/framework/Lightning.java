package dev.salvor.common.framework;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// PyTorch Lightning's .ckpt: one file of torch.save that is moved into place, with its step inside
/// (lightning cloud_io.py, checkpoint_connector.py).
final class Lightning implements FrameworkRule {
  @Override
  public String name() {
    return "lightning";
  }

  @Override
  public boolean recognises(Listing files) {
    return files.files().size() == 1 && files.name().toLowerCase(Locale.ROOT).endsWith(".ckpt");
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong named = Names.step(files.name());
    if (files.size(files.name()) == 0) {
      return Finding.incomplete(named, "it is empty");
    }
    Map<String, Long> inside =
        Records.torchNumbers(files.file(files.name()), Set.of("global_step"));
    Long step = inside.get("global_step");
    return Finding.whole(step == null || step < 0 ? named : OptionalLong.of(step));
  }
}
