package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Which code the job runs: the commit of each checkout, or a digest of the sources, so that two
/// boxes, or two days, can be told apart.
///
/// Up to 20,000 entries, and of them 2,000 small files, 16 MB: a fifth of a second of one
/// processor.
public final class CodeProbe implements Probe {
  private static final String NAME = "code";
  private static final Duration PERIOD = Duration.ofMinutes(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int MAX_FILES = 2_000;
  private static final long MAX_BYTES = 16L << 20;

  /// Of any kind, sources or not.
  static final int MAX_ENTRIES = 20_000;

  static final int MAX_IN_ONE = 2_000;
  private static final int MAX_DEPTH = 6;
  private static final int SHOWN = 16;
  private static final List<String> SOURCES =
      List.of(".py", ".sh", ".yaml", ".yml", ".toml", ".json", ".txt", ".cu", ".cpp", ".ipynb");

  private final Path root;
  private final List<String> places;

  public CodeProbe(Path root, List<String> places) {
    this.root = root;
    this.places = List.copyOf(places);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration period() {
    return PERIOD;
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public List<Reading> read() throws IOException {
    List<Reading> readings = new ArrayList<>();
    for (String place : places) {
      Path path = root.resolve(place.replaceFirst("^/+", ""));
      if (Files.isDirectory(path)) {
        Optional<String> commit = commit(path.resolve(".git"));
        Optional<String> said = commit.isPresent() ? commit : digest(path);
        said.ifPresent(text -> readings.add(new Reading.Text(NAME, place, text)));
      }
    }
    return readings;
  }

  /// As git's own files say it.
  private static Optional<String> commit(Path git) throws IOException {
    String head = SmallFile.read(git.resolve("HEAD")).orElse("").strip();
    if (!head.startsWith("ref: ")) {
      return head.matches("[0-9a-f]{40,64}") ? Optional.of("commit " + head) : Optional.empty();
    }
    String ref = head.substring("ref: ".length());
    if (!ref.matches("refs/[A-Za-z0-9._/-]{1,200}") || ref.contains("..")) {
      return Optional.empty();
    }
    String loose = SmallFile.read(git.resolve(ref)).orElse("").strip();
    String packed =
        SmallFile.read(git.resolve("packed-refs"))
            .orElse("")
            .lines()
            .filter(line -> line.endsWith(" " + ref))
            .map(line -> line.substring(0, line.indexOf(' ')))
            .findFirst()
            .orElse("");
    String id = loose.isEmpty() ? packed : loose;
    return id.matches("[0-9a-f]{40,64}")
        ? Optional.of("commit %s (%s)".formatted(id, ref.replace("refs/heads/", "")))
        : Optional.empty();
  }

  /// Of names and contents, in order; empty where there are no sources.
  private static Optional<String> digest(Path top) throws IOException {
    List<Path> files = new ArrayList<>();
    collect(top, 0, new int[] {MAX_ENTRIES}, files);
    MessageDigest digest = sha256();
    long bytes = 0;
    int counted = 0;
    for (Path file : files) {
      bytes += Files.size(file);
      if (bytes > MAX_BYTES) {
        break;
      }
      digest.update(top.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
      counted++;
    }
    String hex = HexFormat.of().formatHex(digest.digest()).substring(0, SHOWN);
    return counted == 0
        ? Optional.empty()
        : Optional.of("%s of %d source files".formatted(hex, counted));
  }

  /// In the order of their names, so that the same files are found on every disk: a directory of
  /// more entries than a person writes is data, and passed over whole.
  ///
  /// @param left entries that may still be looked at
  private static void collect(Path directory, int depth, int[] left, List<Path> to)
      throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        entries.add(entry);
        if (entries.size() > MAX_IN_ONE) {
          return;
        }
      }
    } catch (AccessDeniedException | DirectoryIteratorException e) {
      return;
    }
    Collections.sort(entries);
    for (Path entry : entries) {
      if (left[0]-- <= 0 || to.size() >= MAX_FILES) {
        return;
      }
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        if (depth + 1 < MAX_DEPTH) {
          collect(entry, depth + 1, left, to);
        }
      } else if (SOURCES.stream().anyMatch(entry.toString()::endsWith)
          && Files.isRegularFile(entry)) {
        to.add(entry);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
