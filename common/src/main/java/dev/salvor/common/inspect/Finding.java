package dev.salvor.common.inspect;

import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// What is gathered of a directory while its folders and files are judged.
final class Finding {
  private final Path root;
  private final Set<Path> claimed = new HashSet<>();
  private final List<String> reasons = new ArrayList<>();
  private final TreeSet<String> imports = new TreeSet<>();
  private Verdict verdict = Verdict.ACCEPT;
  private String format = "";
  private OptionalLong step = OptionalLong.empty();
  private OptionalLong fileStep = OptionalLong.empty();
  private long tensors;

  Finding(Path root) {
    this.root = root;
  }

  void found(Verdict what, String reason) {
    verdict = verdict.worst(what);
    reasons.add(reason);
  }

  void incomplete(String reason) {
    found(Verdict.REJECT_INCOMPLETE, reason);
  }

  void remark(String remark) {
    reasons.add(remark);
  }

  /// The outermost layout's word counts.
  void format(String name) {
    format = format.isEmpty() ? name : format;
  }

  void step(long value) {
    if (step.isEmpty()) {
      step = OptionalLong.of(value);
    }
  }

  void imports(Iterable<String> names) {
    names.forEach(imports::add);
  }

  /// The layout has judged the file as a whole.
  void claim(Path file) {
    claimed.add(file);
  }

  boolean isClaimed(Path file) {
    return claimed.contains(file);
  }

  /// A file, or a part of one, judged by its format.
  void part(String name, Inspection part) {
    verdict = verdict.worst(part.verdict());
    tensors += part.tensors();
    imports.addAll(part.imports());
    part.reasons().forEach(reason -> reasons.add(name + ": " + reason));
    if (part.step().isPresent()
        && (fileStep.isEmpty() || part.step().getAsLong() > fileStep.getAsLong())) {
      fileStep = part.step();
    }
  }

  String relative(Path file) {
    return root.relativize(file).toString();
  }

  Inspection judged(String otherwise) {
    OptionalLong known = step.isPresent() ? step : fileStep;
    String named = format.isEmpty() ? otherwise : format;
    return new Inspection(verdict, named, known, tensors, List.copyOf(imports), reasons);
  }
}
