package dev.salvor.common.inspect;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.util.List;
import java.util.Optional;

/// What lies under a checkpoint's name and plainly is none: told by its first bytes.
final class ImpostorFormat implements Format {
  /// One thing that is no checkpoint.
  private record Impostor(String magic, String format, String reason) {}

  private static final List<Impostor> IMPOSTORS =
      List.of(
          new Impostor(
              "version https://git-lfs.github.com/spec/",
              "lfs-pointer",
              "A git-lfs pointer, not the file it stands for: run 'git lfs pull'"),
          new Impostor(
              "# xet version",
              "xet-pointer",
              "A Xet pointer, not the file it stands for: download the file itself"),
          new Impostor("7z\u00bc\u00af'\u001c", "7z", "A 7z archive, which no framework saves"),
          new Impostor("Rar!\u001a\u0007", "rar", "A RAR archive, which no framework saves"),
          new Impostor("lmgg", "ggml", "An old ggml file, from before GGUF: convert it"),
          new Impostor("fmgg", "ggml", "An old ggml file, from before GGUF: convert it"),
          new Impostor("tjgg", "ggml", "An old ggml file, from before GGUF: convert it"),
          new Impostor("algg", "ggml", "An old ggml adapter, from before GGUF: convert it"));

  @Override
  public String name() {
    return "impostor";
  }

  private static Optional<Impostor> impostor(Content content) {
    return IMPOSTORS.stream().filter(one -> content.startsWith(one.magic())).findFirst();
  }

  @Override
  public boolean isContentOf(Content content) {
    return impostor(content).isPresent();
  }

  @Override
  public Inspection inspect(Content content) {
    Impostor found = impostor(content).orElseThrow();
    return Inspection.of(Verdict.NOT_A_CHECKPOINT, found.format(), found.reason());
  }
}
