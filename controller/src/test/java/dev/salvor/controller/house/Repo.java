package dev.salvor.controller.house;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// The checkout under test: where it lies, and which of its files are ours.
record Repo(Path root) {
  private static final Set<String> SUFFIXES =
      Set.of("java", "sh", "proto", "xml", "md", "py", "yaml", "yml", "properties");
  private static final Set<String> BARE = Set.of("salvor", "run", "Containerfile", "Dockerfile");
  private static final Set<String> FOREIGN = Set.of("target", "node_modules", "__pycache__");
  private static final Set<String> DOT_FOLDERS = Set.of(".ci", ".github");

  /// Surefire says where the module lies; an IDE starts in it or in the root.
  static Repo here() {
    Path start = Path.of(System.getProperty("basedir", "")).toAbsolutePath().normalize();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("controller/pom.xml"))
          && Files.isRegularFile(at.resolve("agent/pom.xml"))) {
        return new Repo(at);
      }
    }
    throw new IllegalStateException("No checkout of Salvor at or above " + start);
  }

  /// All text of ours, captured test data aside, in the order of their paths.
  List<SourceFile> files() throws IOException {
    var found = new ArrayList<SourceFile>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isOurs(folder) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && isText(file.getFileName().toString())) {
              found.add(read(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(Comparator.comparing(SourceFile::path));
    return List.copyOf(found);
  }

  private boolean isOurs(Path folder) {
    if (folder.equals(root)) {
      return true;
    }
    String name = folder.getFileName().toString();
    return !FOREIGN.contains(name)
        && (!name.startsWith(".") || DOT_FOLDERS.contains(name))
        && !folder.endsWith(Path.of("src/test/resources"));
  }

  private static boolean isText(String name) {
    return BARE.contains(name) || SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private SourceFile read(Path file) throws IOException {
    String path = root.relativize(file).toString().replace('\\', '/');
    return new SourceFile(path, Files.readString(file, UTF_8), Files.isExecutable(file));
  }
}
