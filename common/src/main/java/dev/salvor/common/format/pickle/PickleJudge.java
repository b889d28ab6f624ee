package dev.salvor.common.format.pickle;

import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Turns what a file's pickles would import, and what is broken about the file, into a verdict.
public final class PickleJudge {
  private static final int SHOWN_IMPORTS = 5;

  private PickleJudge() {}

  /// What else is known of the file.
  ///
  /// @param torch whether torch.load is what reads such a file
  /// @param otherwise the verdict where the pickles are harmless
  public record File(
      String format,
      boolean torch,
      Verdict otherwise,
      OptionalLong step,
      List<String> damage,
      List<String> remarks) {}

  /// Danger outweighs damage: a broken file that imports a shell is unsafe.
  public static Inspection judge(PickleNotes notes, File file) {
    List<String> reasons = new ArrayList<>();
    List<String> outside = new ArrayList<>();
    Verdict verdict = file.otherwise();
    for (String name : notes.imports()) {
      if (PickleImports.isDangerous(name)) {
        verdict = Verdict.REJECT_UNSAFE;
        reasons.add(
            name.equals(PickleNotes.UNRESOLVABLE)
                ? "A pickle imports a name that is computed while it is loaded: do not load it"
                : "A pickle imports " + name + ": do not load it");
      } else if (!PickleImports.isAllowed(name)) {
        verdict = verdict.worst(Verdict.ACCEPT_FLAG_IMPORTS);
        outside.add(name);
      }
    }
    if (!file.damage().isEmpty()) {
      verdict = verdict.worst(Verdict.REJECT_CORRUPT);
      reasons.addAll(file.damage());
    }
    if (!notes.nested().isEmpty()) {
      verdict = verdict.worst(Verdict.ACCEPT_FLAG_NESTED);
      reasons.addAll(notes.nested());
    }
    if (!outside.isEmpty()) {
      reasons.add("Imports outside torch's weights_only list: " + shown(outside));
    }
    if (file.torch() && !notes.plainOpcodes()) {
      verdict = verdict.worst(Verdict.ACCEPT_FLAG_PROTO);
      reasons.add("A pickle uses opcodes that torch's weights_only loader refuses");
    }
    reasons.addAll(file.remarks());
    List<String> imports = List.copyOf(notes.imports());
    return new Inspection(verdict, file.format(), file.step(), notes.tensors(), imports, reasons);
  }

  private static String shown(List<String> names) {
    int more = names.size() - SHOWN_IMPORTS;
    return more <= 0
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN_IMPORTS)) + " and " + more + " more";
  }
}
