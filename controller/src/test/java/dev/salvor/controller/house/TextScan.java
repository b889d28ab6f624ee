package dev.salvor.controller.house;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads files as plain text: length, markers, secrets, private paths, the form of scripts.
final class TextScan {
  static final int FILE_LINES = 400;

  private static final Set<String> CODE = Set.of("java", "sh", "proto", "py");
  // The brackets keep this line from finding itself.
  private static final Pattern MARKER = Pattern.compile("\\b(?:TO[D]O|FIX[M]E|XX[X])\\b");
  // The header alone is what code that reads and writes keys must name; with a body it is a key.
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\"+\\\\nr]*[A-Za-z0-9+/=]{32}");
  private static final Pattern CLOUD_KEY =
      Pattern.compile("\\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{34})\\b");
  private static final Pattern HOME =
      Pattern.compile("(?<![\\w.])/(?:home|Users)/[A-Za-z]\\w*|[A-Z]:\\\\+Users\\\\+\\w+");

  private final String checkout;
  private final List<Finding> findings;

  /// @param checkout the absolute path of the checkout, which no file may name
  TextScan(String checkout, List<Finding> findings) {
    this.checkout = checkout;
    this.findings = findings;
  }

  void run(SourceFile file) {
    if (isCode(file)) {
      checkLength(file);
      report(file, MARKER, Rule.MARKER);
    }
    if (file.isScript()) {
      checkScript(file);
    }
    report(file, PRIVATE_KEY, Rule.SECRET);
    report(file, CLOUD_KEY, Rule.SECRET);
    report(file, HOME, Rule.PRIVATE_PATH);
    // A checkout right under the root could be called like any folder on a box.
    if (checkout.lastIndexOf('/') > 0) {
      Pattern here = Pattern.compile(Pattern.quote(checkout) + "(?![\\w-])");
      report(file, here, Rule.PRIVATE_PATH);
    }
  }

  private static boolean isCode(SourceFile file) {
    return file.isScript()
        || CODE.contains(file.path().substring(file.path().lastIndexOf('.') + 1));
  }

  private void checkLength(SourceFile file) {
    if (file.lineCount() > FILE_LINES) {
      add(file, FILE_LINES + 1L, Rule.FILE_LENGTH, "the file has " + file.lineCount() + " lines");
    }
  }

  private void checkScript(SourceFile file) {
    if (file.text().indexOf('\r') >= 0) {
      add(file, file.lineAt(file.text().indexOf('\r')), Rule.SCRIPT, "a carriage return");
    }
    if (!file.text().startsWith("#!")) {
      add(file, 1, Rule.SCRIPT, "no #! line");
    }
    if (!file.executable()) {
      add(file, 1, Rule.SCRIPT, "not executable");
    }
  }

  private void report(SourceFile file, Pattern pattern, Rule rule) {
    pattern
        .matcher(file.text())
        .results()
        .forEach(hit -> add(file, file.lineAt(hit.start()), rule, shown(hit.group(), rule)));
  }

  /// Never repeats a secret into the build's log.
  private static String shown(String hit, Rule rule) {
    return rule == Rule.SECRET ? hit.substring(0, 4) + "***" : hit;
  }

  private void add(SourceFile file, long line, Rule rule, String what) {
    findings.add(new Finding(file.path(), line, rule, what));
  }
}
