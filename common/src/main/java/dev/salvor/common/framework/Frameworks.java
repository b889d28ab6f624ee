package dev.salvor.common.framework;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Every framework's rule, and which one speaks for what files.
public final class Frameworks {
  /// The first that recognises the files judges them: the more telling ones first.
  private static final List<FrameworkRule> RULES =
      List.of(
          new HfTrainer(),
          new DeepSpeed(),
          new Megatron(),
          new Orbax(),
          new TensorFlow(),
          new DistributedCheckpoint(),
          new ShardedModel(),
          new Lightning(),
          new SingleFile(),
          new PlainDirectory());

  private Frameworks() {}

  /// A rule's name and what it found.
  public record Appraisal(String format, Finding finding) {}

  /// The last rule takes anything.
  public static Appraisal judge(Listing files) throws IOException {
    for (FrameworkRule rule : RULES) {
      if (rule.recognises(files)) {
        return new Appraisal(rule.format(files), rule.judge(files));
      }
    }
    throw new IllegalStateException("The last rule recognises everything");
  }

  /// Whether a directory is one checkpoint by what lies in it.
  public static boolean marked(String directory, Set<String> entries) {
    return RULES.stream().anyMatch(rule -> rule.marks(directory, entries));
  }

  /// What a trainer's note in a directory names that is not there; empty where nothing is amiss.
  public static Optional<String> dangling(Path directory) throws IOException {
    Optional<String> tag = Listing.text(directory.resolve(DeepSpeed.NOTE));
    if (tag.isPresent() && tag.get().matches("[A-Za-z0-9._-]+") && absent(directory, tag.get())) {
      return Optional.of(DeepSpeed.NOTE + " names " + tag.get() + ", which is not there");
    }
    Optional<String> iteration = Listing.text(directory.resolve(Megatron.NOTE));
    if (iteration.isPresent()
        && iteration.get().matches("[0-9]{1,18}")
        && absent(directory, "iter_%07d".formatted(Long.parseLong(iteration.get())))) {
      return Optional.of(Megatron.NOTE + " names " + iteration.get() + ", which is not there");
    }
    return Optional.empty();
  }

  private static boolean absent(Path directory, String name) {
    return !Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }
}
