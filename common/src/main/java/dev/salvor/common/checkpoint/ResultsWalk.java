package dev.salvor.common.checkpoint;

import dev.salvor.common.checkpoint.Candidate.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Cuts a tree of results into units, one in memory at a time.
public final class ResultsWalk {
  private final Path root;
  private final Taker taker;
  private List<Part> files = new ArrayList<>();
  private UnitSize size = new UnitSize(UnitSize.RESULTS);
  private int number = 1;

  private ResultsWalk(Path root, Taker taker) {
    this.root = root;
    this.taker = taker;
  }

  /// Is given each part in order.
  @FunctionalInterface
  public interface Taker {
    void take(Candidate part, ResultsPart which) throws IOException;
  }

  /// A tree without a file has no part.
  public static void over(Path root, Predicate<Path> enter, List<String> odd, Taker taker)
      throws IOException {
    ResultsWalk walk = new ResultsWalk(root, taker);
    boolean _ = Tree.walk(root, enter, odd, walk::add);
    if (!walk.files.isEmpty()) {
      walk.cut(true);
    }
  }

  private boolean add(Part file) throws IOException {
    if (!size.takes(file.path())) {
      cut(false);
      boolean _ = size.takes(file.path());
    }
    files.add(file);
    return true;
  }

  private void cut(boolean last) throws IOException {
    List<Part> part = files;
    files = new ArrayList<>();
    size = new UnitSize(UnitSize.RESULTS);
    taker.take(new Candidate(root, root, root, part, false), new ResultsPart(number, last));
    number++;
  }
}
