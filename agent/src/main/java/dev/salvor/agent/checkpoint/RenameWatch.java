package dev.salvor.agent.checkpoint;

import dev.salvor.common.framework.Names;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Sees names appear by rename: created and not modified since, or created as their temporary name
/// went. A hint that saves the wait for quiet; where the kernel tells nothing, nothing is seen.
final class RenameWatch implements AutoCloseable {
  /// The kernel grants a user few watches; the job wants some too.
  private static final int MAX_WATCHES = 256;

  /// A hint is worth little memory.
  private static final int MAX_NAMES = 50_000;

  private final int most;

  private final Optional<WatchService> service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private final Set<Path> created = new HashSet<>();
  private final Set<Path> modified = new HashSet<>();
  private final Set<Path> gone = new HashSet<>();
  private boolean stirred = true;
  private boolean blind;

  RenameWatch() {
    this(MAX_WATCHES);
  }

  /// @param most directories that are watched at a time; the others are only looked at
  RenameWatch(int most) {
    this.most = most;
    this.service = open();
  }

  /// Nothing where the kernel has no more to give.
  private static Optional<WatchService> open() {
    try {
      return Optional.of(FileSystems.getDefault().newWatchService());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /// Sees nothing of a directory that cannot be watched.
  void watch(Path directory) {
    if (keys.containsKey(directory)) {
      return;
    }
    // What came into it before it was watched was not told.
    stirred = true;
    if (service.isEmpty() || keys.size() >= most) {
      blind = true;
      return;
    }
    try {
      keys.put(
          directory,
          directory.register(
              service.get(),
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE));
    } catch (IOException | ClosedWatchServiceException e) {
      keys.remove(directory);
      blind = true;
    }
  }

  /// Whether something may have changed since the last time this was asked; asking draws a line.
  boolean stirred() {
    drain();
    boolean did = stirred || blind;
    stirred = false;
    return did;
  }

  boolean watches(Path directory) {
    return keys.containsKey(directory);
  }

  /// Takes in what the kernel told since the last time.
  void drain() {
    if (service.isPresent()) {
      drain(service.get());
    }
    if (created.size() + modified.size() + gone.size() > MAX_NAMES) {
      forget();
    }
  }

  private void drain(WatchService kernel) {
    for (WatchKey key = kernel.poll(); key != null; key = kernel.poll()) {
      Path directory = (Path) key.watchable();
      stirred = true;
      for (WatchEvent<?> event : key.pollEvents()) {
        if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
          forget();
        } else if (event.context() instanceof Path name) {
          take(directory.resolve(name), event.kind(), event.count());
        }
      }
      if (!key.reset()) {
        keys.remove(directory);
      }
    }
  }

  private void take(Path path, WatchEvent.Kind<?> kind, int count) {
    if (kind.equals(StandardWatchEventKinds.ENTRY_DELETE)) {
      created.remove(path);
      modified.remove(path);
      String name = String.valueOf(path.getFileName());
      if (Names.isTemporary(name)) {
        gone.add(path.resolveSibling(Names.finalName(name)));
      }
    } else if (kind.equals(StandardWatchEventKinds.ENTRY_CREATE)) {
      created.add(path);
      modified.remove(path);
    } else if (count > 0) {
      modified.add(path);
    }
  }

  private void forget() {
    created.clear();
    modified.clear();
    gone.clear();
  }

  /// Whether a file came to be here by rename and nobody wrote to it since.
  boolean fileArrived(Path file) {
    return created.contains(file) && !modified.contains(file);
  }

  /// Whether a directory appeared as its temporary name went.
  boolean directoryArrived(Path directory) {
    return created.contains(directory) && gone.contains(directory);
  }

  /// The path has been dealt with.
  void done(Path path) {
    created.remove(path);
    modified.remove(path);
    gone.remove(path);
  }

  @Override
  public void close() throws IOException {
    if (service.isPresent()) {
      service.get().close();
    }
  }
}
