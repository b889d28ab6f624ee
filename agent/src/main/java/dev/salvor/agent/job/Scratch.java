package dev.salvor.agent.job;

import dev.salvor.agent.core.JobSpec;
import dev.salvor.common.checkpoint.Candidate;
import dev.salvor.common.checkpoint.Candidates;
import dev.salvor.common.checkpoint.Names;
import dev.salvor.common.checkpoint.PinPlace;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Removes what the user named as scratch: files below the job's roots that match a glob. Follows
/// no link, and leaves every checkpoint alone, also one that is still being written.
final class Scratch {
  /// A walk ends here; what is left goes at the next one.
  static final int MAX_VISITS = 500_000;

  private final Set<Path> roots = new LinkedHashSet<>();
  private final Set<Path> checkpointRoots = new LinkedHashSet<>();
  private final Set<Path> kept = new HashSet<>();
  private final List<PathMatcher> globs;
  private int files;
  private long bytes;
  private int visits;

  private Scratch(JobSpec job, UnaryOperator<Path> real, JobPlace place) throws IOException {
    Path workdir = real.apply(place.onDisk(job.workdir()));
    roots.add(workdir);
    for (String root : job.checkpointRoots()) {
      Path path = real.apply(place.onDisk(root));
      roots.add(path);
      checkpointRoots.add(path);
      keep(path);
    }
    job.resultRoots().forEach(root -> roots.add(real.apply(place.onDisk(root))));
    globs = job.care().scratch().stream().map(glob -> matcher(glob, workdir, place)).toList();
  }

  /// How much went.
  record Pruned(int files, long bytes) {}

  /// Throws where it cannot tell what is a checkpoint; then nothing was removed.
  static Pruned prune(JobSpec job, JobPlace place) throws IOException {
    Scratch scratch = new Scratch(job, Scratch::real, place);
    for (Path root : scratch.roots) {
      if (Files.isDirectory(root)) {
        Files.walkFileTree(root, scratch.walk(root));
      }
    }
    return new Pruned(scratch.files, scratch.bytes);
  }

  /// A glob says "tmp/**" below the workdir, or an absolute path of the box.
  private static PathMatcher matcher(String glob, Path workdir, JobPlace place) {
    String base = glob.startsWith("/") ? place.onDisk("/").toString() : workdir.toString();
    String below = glob.replaceFirst("^/+", "");
    String escaped = base.replaceAll("([\\\\*?\\[\\]{}])", "\\\\$1").replaceFirst("/$", "");
    return workdir.getFileSystem().getPathMatcher("glob:" + escaped + "/" + below);
  }

  private void keep(Path root) throws IOException {
    for (Candidate candidate : Candidates.in(root, true).found()) {
      kept.add(candidate.place());
      kept.addAll(candidate.places());
    }
  }

  private FileVisitor<Path> walk(Path root) {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        boolean ours = String.valueOf(directory.getFileName()).equals(PinPlace.DIRECTORY);
        // Another root's walk is its own; a kept checkpoint is not looked into.
        boolean elsewhere = !directory.equals(root) && roots.contains(directory);
        return ours || elsewhere || kept.contains(directory)
            ? FileVisitResult.SKIP_SUBTREE
            : goOn();
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (!kept.contains(file) && !isBecoming(file) && isScratch(file, root)) {
          remove(file, attributes.isRegularFile() ? attributes.size() : 0);
        }
        return goOn();
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException failure) {
        return goOn();
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
        return goOn();
      }
    };
  }

  private FileVisitResult goOn() {
    return ++visits > MAX_VISITS ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
  }

  /// Below a step's directory, or under a writer's own name for a model: no candidate yet, and soon
  /// a checkpoint.
  private boolean isBecoming(Path file) {
    for (Path root : checkpointRoots) {
      if (file.startsWith(root)) {
        Path below = root.relativize(file);
        String name = String.valueOf(file.getFileName());
        boolean inStep = false;
        for (int i = 0; i < below.getNameCount() - 1; i++) {
          inStep |= Names.isStepDirectory(below.getName(i).toString());
        }
        return inStep || (Names.isTemporary(name) && Names.isModelPart(Names.finalName(name)));
      }
    }
    return false;
  }

  /// It matches, or a directory that it lies in does.
  private boolean isScratch(Path file, Path root) {
    for (Path path = file; path != null && !path.equals(root); path = path.getParent()) {
      Path at = path;
      if (globs.stream().anyMatch(glob -> glob.matches(at))) {
        return true;
      }
    }
    return false;
  }

  private void remove(Path file, long size) {
    try {
      if (Files.deleteIfExists(file)) {
        files++;
        bytes += size;
      }
    } catch (IOException e) {
      // Another's file, or a mount that is read only: it stays.
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }
}
