package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which code the job runs: the commit of each checkout, or a digest of the sources, so that two
/// boxes, or two days, can be told apart.
///
/// Up to 2,000 small files, 16 MB: a fifth of a second of one processor.
public final class CodeProbe implements Probe {
  private static final String NAME = "code";
  private static final Duration PERIOD = Duration.ofMinutes(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int MAX_FILES = 2_000;
  private static final long MAX_BYTES = 16L << 20;
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
    List<Path> files;
    try (Stream<Path> walk = Files.walk(top, MAX_DEPTH)) {
      files =
          walk.filter(file -> SOURCES.stream().anyMatch(file.toString()::endsWith))
              .filter(Files::isRegularFile)
              .limit(MAX_FILES)
              .sorted()
              .toList();
    }
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
