package dev.salvor.common.inspect;

import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Tells what a directory is and whether it is whole: every framework's layout that is in it, and
/// every file by its format. A directory of no known layout is judged file by file.
public final class DirectoryCheck {
  static final List<Layout> LAYOUTS =
      List.of(
          new HfTrainerLayout(),
          new DeepSpeedLayout(),
          new MegatronLayout(),
          new LightningLayout(),
          new DcpLayout(),
          new OrbaxLayout(),
          new MsgpackLayout(),
          new TensorFlowLayout());

  /// More files than this are no checkpoint that could be judged in time.
  private static final int MAX_FILES = 500_000;

  private DirectoryCheck() {}

  /// Judges a directory under the name it had where it was written: some layouts put the step
  /// there.
  public static Inspection inspect(Path directory, String name) throws IOException {
    Finding finding = new Finding(directory);
    Map<Path, Folder> folders = walk(directory, name, finding);
    int files = folders.values().stream().mapToInt(folder -> folder.files().size()).sum();
    if (files == 0) {
      return Inspection.of(Verdict.REJECT_INCOMPLETE, "directory", "There are no files in it");
    }
    for (Folder folder : folders.values()) {
      for (Layout layout : LAYOUTS) {
        if (layout.recognises(folder)) {
          finding.format(layout.name());
          layout.judge(folder, finding);
        }
      }
    }
    String format = "other";
    for (Folder folder : folders.values()) {
      for (String file : folder.files().keySet()) {
        format = weightier(format, file(folder.file(file), finding));
      }
    }
    return finding.judged(format);
  }

  private static String file(Path file, Finding finding) throws IOException {
    if (finding.isClaimed(file)) {
      return "other";
    }
    Inspection found = FormatCheck.inspect(file);
    finding.part(finding.relative(file), found);
    return found.format();
  }

  /// What a directory without a layout is named for: weights before notes about them.
  private static String weightier(String known, String other) {
    return weight(other) > weight(known) ? other : known;
  }

  private static int weight(String format) {
    return switch (format) {
      case "other" -> 0;
      case "json" -> 1;
      case "pickle" -> 2;
      default -> 3;
    };
  }

  /// Every directory below, outermost first. Links are followed, as model caches are made of them.
  private static Map<Path, Folder> walk(Path directory, String name, Finding finding)
      throws IOException {
    Map<Path, Folder> folders = new TreeMap<>();
    int[] files = {0};
    Files.walkFileTree(
        directory,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            String own = path.equals(directory) ? name : String.valueOf(path.getFileName());
            folders.put(path, new Folder(path, own, new TreeMap<>(), new TreeSet<>()));
            Folder parent = path.equals(directory) ? null : folders.get(path.getParent());
            if (parent != null) {
              parent.folders().add(own);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            Folder parent = folders.get(path.getParent());
            if (attributes.isSymbolicLink()) {
              finding.incomplete(finding.relative(path) + " is a link to nothing");
            } else if (!attributes.isRegularFile()) {
              finding.remark(finding.relative(path) + " is no regular file: not looked at");
            } else if (parent != null) {
              parent.files().put(String.valueOf(path.getFileName()), attributes.size());
            }
            return ++files[0] < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failure)
              throws IOException {
            if (failure instanceof FileSystemLoopException) {
              finding.remark(finding.relative(path) + " links back: not followed");
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    if (files[0] >= MAX_FILES) {
      finding.found(
          Verdict.REJECT_CORRUPT, "Over " + MAX_FILES + " files: the rest was not looked at");
    }
    return folders;
  }
}
