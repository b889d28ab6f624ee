package dev.salvor.controller.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks at the boxes' disks from outside while the trainers write, and remembers the SHA-256 of
/// every file it sees, by nothing of Salvor's own.
final class Witness implements AutoCloseable {
  private static final long LOOK_NANOS = 40_000_000;
  private static final Pattern STEP = Pattern.compile("step[-_](\\d+)");

  private final Path boxes;
  private final Map<Long, Map<String, Set<String>>> seen = new ConcurrentSkipListMap<>();
  private final Map<Path, String> hashed = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofPlatform().name("witness").daemon().unstarted(this::look);
  private volatile boolean closed;

  private Witness(Path boxes) {
    this.boxes = boxes;
  }

  static Witness watch(Path boxes) {
    Witness witness = new Witness(boxes);
    witness.thread.start();
    return witness;
  }

  /// The digests that a file had on an instance's disk; the path begins at the box's root.
  Map<String, Set<String>> on(long instance) {
    return new TreeMap<>(seen.getOrDefault(instance, Map.of()));
  }

  /// Steps of which the instance's disk ever held a finished checkpoint.
  Set<Long> steps(long instance) {
    Set<Long> steps = new TreeSet<>();
    for (String path : on(instance).keySet()) {
      Matcher named = STEP.matcher(path);
      if (named.find()) {
        steps.add(Long.parseLong(named.group(1)));
      }
    }
    return steps;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    while (!closed) {
      try (Stream<Path> all = Files.list(boxes)) {
        all.forEach(this::lookAt);
      } catch (IOException | UncheckedIOException _) {
        // Not there yet, or gone meanwhile.
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void lookAt(Path box) {
    long instance = Long.parseLong(box.getFileName().toString());
    Path disk = box.resolve("disk");
    for (String root : List.of("workspace", "work")) {
      try (Stream<Path> all = Files.walk(disk.resolve(root))) {
        all.filter(path -> !disk.relativize(path).toString().contains("/."))
            .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
            .forEach(path -> remember(instance, disk, path));
      } catch (IOException | UncheckedIOException _) {
        // The trainer rotates its checkpoints, and a box goes in one piece.
      }
    }
  }

  private void remember(long instance, Path disk, Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      String look = now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
      if (look.equals(hashed.get(file))) {
        return;
      }
      seen.computeIfAbsent(instance, _ -> new ConcurrentHashMap<>())
          .computeIfAbsent(disk.relativize(file).toString(), _ -> new ConcurrentSkipListSet<>())
          .add(sha256(file));
      hashed.put(file, look);
    } catch (IOException _) {
      // Gone between the look and the read.
    }
  }

  static String sha256(Path file) throws IOException {
    try (var in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
