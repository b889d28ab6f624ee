package dev.salvor.common.checkpoint;

import dev.salvor.common.checkpoint.Candidate.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Cuts a tree of results into units in the order of its names, one in memory at a time; where it
/// is, is a few words that survive between two calls.
public final class ResultsWalk {
  private final Path root;
  private final Predicate<Path> enter;
  private String after = "";
  private int number = 1;
  private boolean done;

  /// @param enter which files and directories belong to it
  public ResultsWalk(Path root, Predicate<Path> enter) {
    this.root = root;
    this.enter = enter;
  }

  /// Some of the tree's files.
  public record Cut(Candidate files, ResultsPart part) {}

  /// The next part; empty behind the last one, and at once for a tree without a file.
  public Optional<Cut> next(List<String> odd) throws IOException {
    if (done) {
      return Optional.empty();
    }
    UnitSize size = new UnitSize(UnitSize.RESULTS);
    List<Part> files = new ArrayList<>();
    done =
        Tree.walkFrom(
            root,
            after,
            enter,
            odd,
            file -> {
              boolean room = size.takes(file.path());
              if (room) {
                files.add(file);
              }
              return room;
            });
    if (files.isEmpty()) {
      done = true;
      return Optional.empty();
    }
    after = files.getLast().path();
    Candidate candidate = new Candidate(root, root, root, files, false);
    return Optional.of(new Cut(candidate, new ResultsPart(number++, done)));
  }
}
