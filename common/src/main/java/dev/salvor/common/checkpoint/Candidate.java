package dev.salvor.common.checkpoint;

import dev.salvor.common.framework.Listing;
import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Files that look like one checkpoint, as one look at the disk found them; nothing was read yet.
///
/// @param place the directory, the single file, or the file that speaks for others beside it
/// @param base the directory that the files' paths are relative to
/// @param underTemporary whether a part still has its writer's temporary name
public record Candidate(
    Path place, Path base, Path root, List<Part> files, boolean underTemporary) {
  public Candidate {
    files = List.copyOf(files);
  }

  /// One file of it by its attributes.
  public record Part(String path, long size, long modifiedNanos, String inode) {}

  public boolean isDirectory() {
    return place.equals(base);
  }

  public String name() {
    return String.valueOf(place.getFileName());
  }

  public List<String> paths() {
    return files.stream().map(Part::path).toList();
  }

  public List<Path> places() {
    return files.stream().map(file -> base.resolve(file.path())).toList();
  }

  public long bytes() {
    return files.stream().mapToLong(Part::size).sum();
  }

  public long newestNanos() {
    return files.stream().mapToLong(Part::modifiedNanos).max().orElse(0);
  }

  /// The same files as a framework's rule sees them.
  public Listing listing() {
    Map<String, Long> sizes = new HashMap<>();
    files.forEach(file -> sizes.put(file.path(), file.size()));
    return new Listing(base, name(), Optional.ofNullable(place.getParent()), sizes);
  }

  /// Changes whenever a file's size, time or inode does, or one comes or goes.
  public Sha256 fingerprint() {
    MessageDigest digest = Sha256.newDigest();
    for (Part file : files) {
      String line =
          file.path() + "\0" + file.size() + "\0" + file.modifiedNanos() + "\0" + file.inode();
      digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.fromBytes(digest.digest());
  }
}
