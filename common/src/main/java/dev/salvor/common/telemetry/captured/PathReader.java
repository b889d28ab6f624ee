package dev.salvor.common.telemetry.captured;

import dev.salvor.common.telemetry.Captured;
import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.Verdict;
import dev.salvor.common.telemetry.host.Cgroup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Reads a captured file, or a directory of them as one: the worst of what is in it counts.
public final class PathReader {
  /// A copied /sys/fs/cgroup of a busy host has some thousands.
  private static final int MOST_FILES = 5_000;

  private static final int DEEPEST = 12;
  private static final int MOST_READINGS = 2_000;
  private static final int MOST_SENTENCES = 4;

  private PathReader() {}

  /// Never throws for what is in a file; what cannot be read is a verdict as well.
  public static Capture read(Path path, Optional<Kind> as) {
    try {
      if (Files.isDirectory(path)) {
        return directory(path, as);
      }
      if (!Files.exists(path)) {
        return Capture.unreadable(as.orElse(Kind.UNKNOWN), "there is no such file");
      }
      return FileReader.read(name(path), bytes(path), as);
    } catch (IOException e) {
      return Capture.unreadable(
          as.orElse(Kind.UNKNOWN), "it cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private static byte[] bytes(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException("not a file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(Captured.MOST_BYTES);
    }
  }

  private static Capture directory(Path top, Optional<Kind> as) throws IOException {
    Map<Path, List<Path>> files = new TreeMap<>();
    for (Path path : files(top)) {
      Path parent = path.getParent();
      if (parent != null) {
        files.computeIfAbsent(parent, any -> new ArrayList<>()).add(path);
      }
    }
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<Path, List<Path>> one : files.entrySet()) {
      parts.addAll(parts(top, one.getValue(), as));
    }
    return together(mergedGroups(parts));
  }

  /// No link is followed, and what may not be looked into is passed over.
  private static List<Path> files(Path top) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        top,
        Set.of(),
        DEEPEST,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException why) {
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(Comparator.naturalOrder());
    return files;
  }

  private static List<Part> parts(Path top, List<Path> files, Optional<Kind> as) {
    boolean asGroup = as.isPresent() && as.get() == Kind.HOST_CGROUP;
    if (asGroup || Cgroup.isLike(files.stream().map(PathReader::name).toList())) {
      return List.of(group(files));
    }
    List<Part> parts = new ArrayList<>();
    for (Path file : files) {
      String place = top.relativize(file).toString();
      Capture capture = read(file, Optional.empty());
      if (capture.kind() == Kind.UNKNOWN && as.isPresent()) {
        Capture said = read(file, as);
        capture = said.verdict() == Verdict.PARSE_ERROR ? capture : said;
      }
      // What a person put beside the captures, a note or the command that made them, is no capture.
      if (capture.kind() != Kind.UNKNOWN) {
        parts.add(new Part(place, capture, Map.of()));
      }
    }
    return parts;
  }

  private static Part group(List<Path> files) {
    Map<String, String> texts = new TreeMap<>();
    for (Path file : files) {
      try {
        texts.put(name(file), Captured.text(bytes(file)));
      } catch (IOException e) {
        // One of the many that only root may read.
        texts.put(name(file), "");
      }
    }
    return new Part("", groupCapture(texts), texts);
  }

  private static Capture groupCapture(Map<String, String> texts) {
    try {
      return FileReader.cgroup(texts);
    } catch (MalformedException e) {
      return Capture.unreadable(Kind.HOST_CGROUP, e.why());
    }
  }

  /// Version 1 has a directory a controller: what is in them is one container's.
  private static List<Part> mergedGroups(List<Part> parts) {
    List<Part> rest = new ArrayList<>();
    Map<String, String> texts = new TreeMap<>();
    for (Part part : parts) {
      if (part.texts().isEmpty()) {
        rest.add(part);
      } else {
        part.texts().forEach(texts::putIfAbsent);
      }
    }
    if (!texts.isEmpty()) {
      rest.add(new Part("", groupCapture(texts), texts));
    }
    return rest;
  }

  private static Capture together(List<Part> parts) {
    if (parts.isEmpty()) {
      return Capture.unreadable(Kind.UNKNOWN, "nothing in this directory is known here");
    }
    if (parts.size() == 1) {
      return parts.getFirst().capture();
    }
    Verdict verdict =
        parts.stream().map(part -> part.capture().verdict()).reduce(Verdict.OK, Verdict::worse);
    Set<Kind.Family> families = EnumSet.noneOf(Kind.Family.class);
    List<Reading> readings = new ArrayList<>();
    for (Part part : parts) {
      families.add(part.capture().kind().family());
      readings.addAll(part.capture().readings());
    }
    List<Part> worstFirst = new ArrayList<>(parts);
    worstFirst.sort(Comparator.comparing((Part part) -> part.capture().verdict()).reversed());
    String said =
        String.join(
            "; ",
            worstFirst.stream()
                .limit(MOST_SENTENCES)
                .map(part -> part.place() + ": " + part.capture().conclusion())
                .toList());
    return new Capture(
        families.size() == 1 ? Kind.of(families.iterator().next()) : Kind.DIRECTORY,
        verdict,
        "%d captures; %s".formatted(parts.size(), said),
        readings.stream().limit(MOST_READINGS).toList());
  }

  private record Part(String place, Capture capture, Map<String, String> texts) {}
}
