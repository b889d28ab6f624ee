package dev.salvor.controller.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Holds a set of files against every rule; knows nothing of disks, so that tests hand in strings.
final class House {
  private static final Pattern MARKED = Pattern.compile("(?m)^@(?:org\\.[\\w.]*)?NullMarked\\b");

  private House() {}

  static List<Finding> inspect(List<SourceFile> files, String checkout) {
    var findings = new ArrayList<Finding>();
    var text = new TextScan(checkout, findings);
    files.forEach(text::run);
    var parsed = ParsedFile.parse(files.stream().filter(SourceFile::isJava).toList(), findings);
    var sealedCases = SealedCases.in(parsed);
    for (ParsedFile file : parsed) {
      new SizeScan(file, findings).run();
      new WordScan(file, sealedCases, findings).run();
    }
    checkPackages(files, findings);
    return List.copyOf(findings);
  }

  private static void checkPackages(List<SourceFile> files, List<Finding> findings) {
    Map<String, List<SourceFile>> packages = new TreeMap<>();
    files.stream()
        .filter(SourceFile::isJava)
        .filter(SourceFile::isShipped)
        .forEach(file -> packages.computeIfAbsent(file.folder(), _ -> new ArrayList<>()).add(file));
    packages.forEach((folder, members) -> {
      if (members.stream().noneMatch(House::isMarkedPackage)) {
        String missing = "no @NullMarked package-info.java";
        findings.add(new Finding(folder, 1, Rule.NULL_MARKED, missing));
      }
    });
  }

  private static boolean isMarkedPackage(SourceFile file) {
    return file.path().endsWith("/package-info.java") && MARKED.matcher(file.text()).find();
  }
}
