package dev.salvor.common.checkpoint;

import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.inspect.DirectoryCheck;
import dev.salvor.common.inspect.FormatCheck;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Proves a directory against a manifest: nothing missing, nothing more, every digest, every file
/// whole by its format, every framework's own rule.
public final class UnitCheck {
  private UnitCheck() {}

  /// A unit of results is judged by roster and digests alone: whatever a job leaves is to be saved
  /// as it is, and what its files are is only reported.
  public static UnitInspection check(Unit unit, Path data) throws IOException {
    return check(unit, data, false);
  }

  /// The same of files that were hashed as they were written there.
  public static UnitInspection checkHashed(Unit unit, Path data) throws IOException {
    return check(unit, data, true);
  }

  private static UnitInspection check(Unit unit, Path data, boolean hashed) throws IOException {
    List<String> reasons = new ArrayList<>();
    Verdict verdict = exact(unit.manifest(), data, hashed, reasons);
    List<String> checks = new ArrayList<>(List.of("roster", "sha256"));
    if (!verdict.accepted()) {
      return new UnitInspection(verdict, checks, List.of(), reasons);
    }
    return unit.kind() == UnitKind.CHECKPOINT
        ? checkpoint(unit, data, checks)
        : results(unit, data, checks);
  }

  private static UnitInspection checkpoint(Unit unit, Path data, List<String> checks)
      throws IOException {
    String root = unit.manifest().root();
    Inspection found = DirectoryCheck.inspect(data, root.substring(root.lastIndexOf('/') + 1));
    List<String> reasons = new ArrayList<>(found.reasons());
    checks.addAll(List.of("formats", "pickle-imports", "layouts", "framework-rule"));
    Verdict verdict = found.verdict().worst(UnitRule.judge(unit, data, reasons));
    return new UnitInspection(verdict, checks, found.imports(), reasons);
  }

  private static UnitInspection results(Unit unit, Path data, List<String> checks)
      throws IOException {
    List<String> reasons = new ArrayList<>();
    TreeSet<String> imports = new TreeSet<>();
    for (FileEntry entry : unit.manifest().files()) {
      Inspection found = FormatCheck.inspect(data.resolve(entry.path()));
      imports.addAll(found.imports());
      found.reasons().forEach(reason -> reasons.add(entry.path() + ": " + reason));
    }
    return new UnitInspection(Verdict.ACCEPT, checks, List.copyOf(imports), reasons);
  }

  private static Verdict exact(Manifest manifest, Path data, boolean hashed, List<String> reasons)
      throws IOException {
    Map<String, Long> there = regularFiles(data);
    Verdict verdict = Verdict.ACCEPT;
    for (FileEntry entry : manifest.files()) {
      Long size = there.remove(entry.path());
      if (size == null) {
        verdict = verdict.worst(Verdict.REJECT_INCOMPLETE);
        reasons.add(entry.path() + " is missing");
      } else if (size != entry.size() || !(hashed || digestMatches(entry, data))) {
        verdict = verdict.worst(Verdict.REJECT_CORRUPT);
        reasons.add(entry.path() + " is not the file the manifest names");
      }
    }
    for (String extra : there.keySet()) {
      verdict = verdict.worst(Verdict.REJECT_CORRUPT);
      reasons.add(extra + " is not in the manifest");
    }
    return verdict;
  }

  private static boolean digestMatches(FileEntry entry, Path data) throws IOException {
    return FileDigest.of(data.resolve(entry.path())).equals(entry.digest());
  }

  /// Everything below the directory that is no directory; a link or device has size -1.
  private static Map<String, Long> regularFiles(Path data) throws IOException {
    Map<String, Long> files = new HashMap<>();
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = data.relativize(file).toString().replace('\\', '/');
            files.put(path, attributes.isRegularFile() ? attributes.size() : -1);
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
