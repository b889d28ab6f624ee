package dev.salvor.common.framework;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// One file that is a whole checkpoint: torch, safetensors, GGUF, npz, Keras. Nothing says when its
/// writer is done but a rename or quiet.
final class SingleFile implements FrameworkRule {
  /// What training loops call their counter, the surest first.
  private static final List<String> COUNTERS =
      List.of("global_step", "global_steps", "iteration", "iter_num", "step", "steps");

  @Override
  public String name() {
    return "file";
  }

  @Override
  public String format(Listing files) {
    String name = files.name();
    return Names.isTorch(name)
        ? "pytorch"
        : name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean recognises(Listing files) {
    return files.files().size() == 1 && files.has(files.name()) && Names.isSingleFile(files.name());
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong step = Names.step(files.name());
    if (files.size(files.name()) == 0) {
      return Finding.incomplete(step, "it is empty");
    }
    return Finding.whole(step.isPresent() ? step : inside(files));
  }

  private static OptionalLong inside(Listing files) throws IOException {
    if (!Names.isTorch(files.name())) {
      return OptionalLong.empty();
    }
    Map<String, Long> found = Records.torchNumbers(files.file(files.name()), Set.copyOf(COUNTERS));
    for (String counter : COUNTERS) {
      Long step = found.get(counter);
      if (step != null && step >= 0) {
        return OptionalLong.of(step);
      }
    }
    return OptionalLong.empty();
  }
}
