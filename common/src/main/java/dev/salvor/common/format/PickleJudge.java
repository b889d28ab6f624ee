package dev.salvor.common.format;

import java.util.ArrayList;
import java.util.List;

/// Turns what a file's pickles would import, and what is broken about the file, into a verdict.
final class PickleJudge {
  private PickleJudge() {}

  /// Danger outweighs damage: a broken file that imports a shell is unsafe.
  static Inspection judge(
      String format, PickleWalk walk, List<String> damage, Verdict otherwise, boolean torch) {
    List<String> reasons = new ArrayList<>();
    Verdict verdict = otherwise;
    if (torch && !walk.plainOpcodes()) {
      verdict = verdict.worst(Verdict.ACCEPT_FLAG_PROTO);
    }
    for (String name : walk.imports()) {
      if (PickleImports.isDangerous(name)) {
        verdict = Verdict.REJECT_UNSAFE;
        reasons.addFirst("A pickle imports " + name);
      } else if (!PickleImports.isAllowed(name)) {
        verdict = verdict.worst(Verdict.ACCEPT_FLAG_IMPORTS);
      }
    }
    if (!damage.isEmpty()) {
      verdict = verdict.worst(Verdict.REJECT_CORRUPT);
      reasons.addAll(damage);
    }
    return new Inspection(verdict, format, walk.tensors(), List.copyOf(walk.imports()), reasons);
  }
}
