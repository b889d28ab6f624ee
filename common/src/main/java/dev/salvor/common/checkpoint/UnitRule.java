package dev.salvor.common.checkpoint;

import dev.salvor.common.format.Verdict;
import dev.salvor.common.framework.Finding;
import dev.salvor.common.framework.Frameworks;
import dev.salvor.common.framework.Listing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a framework's commit rule says of a unit's copy, told by its files and not by what the box
/// called it.
final class UnitRule {
  private UnitRule() {}

  static Verdict judge(Unit unit, Path data, List<String> reasons) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    unit.manifest().files().forEach(file -> sizes.put(file.path(), file.size()));
    Finding found =
        Frameworks.judge(new Listing(data, name(unit.manifest()), Optional.empty(), sizes))
            .finding();
    return switch (found.state()) {
      case COMMITTED, WHOLE -> Verdict.ACCEPT;
      case INCOMPLETE -> refused(Verdict.REJECT_INCOMPLETE, found, reasons);
      case TORN -> refused(Verdict.REJECT_CORRUPT, found, reasons);
    };
  }

  private static Verdict refused(Verdict verdict, Finding found, List<String> reasons) {
    reasons.add("Not whole by its framework's rule: " + found.why());
    return verdict;
  }

  /// A single file's own name, else the directory's.
  private static String name(Manifest manifest) {
    String first = manifest.files().getFirst().path();
    boolean single = manifest.files().size() == 1 && first.indexOf('/') < 0;
    return single ? first : manifest.root().substring(manifest.root().lastIndexOf('/') + 1);
  }
}
