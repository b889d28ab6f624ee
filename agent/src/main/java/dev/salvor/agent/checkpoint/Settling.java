package dev.salvor.agent.checkpoint;

import dev.salvor.common.checkpoint.ResultsWalk;
import dev.salvor.common.framework.Finding;
import dev.salvor.common.framework.Frameworks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// One way through the result roots after a job's end, a part at a time.
final class Settling {
  /// Results have no rule to hold.
  static final Frameworks.Appraisal APPRAISAL =
      new Frameworks.Appraisal("files", new Finding(Finding.State.WHOLE, OptionalLong.empty(), ""));

  private final Deque<ResultsWalk> walks = new ArrayDeque<>();
  private final List<String> odd;

  /// @param given files of checkpoints, which are no results
  /// @param odd takes what could not be taken in on the way
  Settling(List<Path> roots, Set<Path> given, Path home, List<String> odd) {
    this.odd = odd;
    for (Path root : roots) {
      walks.add(
          new ResultsWalk(
              root, path -> !given.contains(path) && !path.equals(home) && !Catalog.isOurs(path)));
    }
  }

  Optional<ResultsWalk.Cut> next() throws IOException {
    while (!walks.isEmpty()) {
      Optional<ResultsWalk.Cut> cut = walks.getFirst().next(odd);
      if (cut.isPresent()) {
        return cut;
      }
      walks.removeFirst();
    }
    return Optional.empty();
  }
}
