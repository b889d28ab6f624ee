package dev.salvor.common.framework;

import java.util.Set;

/// A directory of nobody's layout: finished when its user's marker is there, or when it is quiet.
final class PlainDirectory implements FrameworkRule {
  /// Files that a writer puts into a directory last.
  private static final Set<String> MARKERS = Set.of("_SUCCESS", "commit_success.txt", "COMMITTED");

  @Override
  public String name() {
    return "directory";
  }

  @Override
  public boolean marks(String directory, Set<String> entries) {
    return entries.stream().anyMatch(MARKERS::contains);
  }

  @Override
  public boolean recognises(Listing files) {
    return true;
  }

  @Override
  public Finding judge(Listing files) {
    if (files.files().values().stream().allMatch(size -> size == 0)) {
      return Finding.incomplete(Names.step(files.name()), "it is empty");
    }
    return files.files().keySet().stream().anyMatch(MARKERS::contains)
        ? Finding.committed(Names.step(files.name()))
        : Finding.whole(Names.step(files.name()));
  }
}
