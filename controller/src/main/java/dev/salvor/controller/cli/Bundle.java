package dev.salvor.controller.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/// What boxes are handed: the agent's jar, its start and the examples, out of this installation.
final class Bundle {
  private static final Path AGENT = Path.of("agent", "target", "agent.jar");
  private static final Path STARTER = Path.of("onstart", "agent.sh");
  private static final Path EXAMPLES = Path.of("docs", "examples");

  private Bundle() {}

  /// Copies what is missing or newer; harmless to repeat.
  static Path make(Path bundle, Path installation) throws Failure {
    Path agent = installation.resolve(AGENT);
    Path starter = installation.resolve(STARTER);
    Path examples = installation.resolve(EXAMPLES);
    for (Path needed : List.of(agent, starter, examples)) {
      if (!Files.exists(needed)) {
        throw new Failure(
            Exit.ENVIRONMENT,
            "Cannot hand boxes their agent: %s is missing. Start salvor by its launcher, which builds it."
                .formatted(needed.toAbsolutePath()));
      }
    }
    try {
      Files.createDirectories(bundle);
      copy(starter, bundle.resolve("agent.sh"));
      copy(agent, bundle.resolve("agent.jar"));
      try (Stream<Path> all = Files.walk(examples)) {
        for (Path from : (Iterable<Path>) all::iterator) {
          copy(from, bundle.resolve("examples").resolve(examples.relativize(from).toString()));
        }
      }
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot copy the agent and the examples to %s: %s. Make room there, or name another place with --state-dir."
              .formatted(bundle, e),
          e);
    }
    return bundle;
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isDirectory(from)) {
      Files.createDirectories(to);
      return;
    }
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)
        && Files.size(to) == Files.size(from)
        && Files.getLastModifiedTime(to).compareTo(Files.getLastModifiedTime(from)) >= 0) {
      return;
    }
    Path fresh = Files.createTempFile(to.getParent(), ".copy", "");
    try {
      Files.copy(from, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      // Left there, it would keep a full disk full.
      Files.deleteIfExists(fresh);
    }
  }
}
