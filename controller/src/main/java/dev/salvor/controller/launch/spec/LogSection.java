package dev.salvor.controller.launch.spec;

import dev.salvor.common.pattern.LinePattern;
import dev.salvor.controller.core.LogPolicy;
import dev.salvor.controller.core.LogPolicy.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What lines of the job's log mean.
final class LogSection {
  static final List<String> ANSWERS =
      Arrays.stream(Answer.values()).map(a -> a.name().toLowerCase(Locale.ROOT)).toList();

  /// A person keeps so many in mind, and a box looks for each in every line.
  private static final int MOST = 16;

  private static final long USUAL_TIMES = 3;

  private LogSection() {}

  static List<LogPolicy> of(Page page) {
    Optional<Field> field = page.get("on_log");
    List<Field> items = field.map(f -> f.isList() ? f.items() : List.of(f)).orElse(List.of());
    List<LogPolicy> policies = new ArrayList<>();
    int steps = 0;
    for (Field item : items) {
      Block keys = item.block(RunKeys.ON_LOG);
      Optional<LinePattern> match = match(item, keys);
      steps += match.map(LinePattern::steps).orElse(0);
      policy(page, item, match, keys).ifPresent(policies::add);
    }
    if (items.size() > MOST) {
      field.orElseThrow().wrong("takes %d policies at most".formatted(MOST));
    }
    if (steps > LinePattern.MAX_STEPS) {
      field
          .orElseThrow()
          .wrong(
              "takes patterns of %d steps in all at most, not %d: shorten them"
                  .formatted(LinePattern.MAX_STEPS, steps));
    }
    return List.copyOf(policies);
  }

  private static Optional<LinePattern> match(Field item, Block keys) {
    Optional<Field> field = keys.get("match");
    if (field.isEmpty()) {
      return item.wrong("takes match: a pattern that is looked for in each line of the job's log");
    }
    return field
        .get()
        .text()
        .flatMap(text -> {
          try {
            return Optional.of(LinePattern.of(text));
          } catch (IllegalArgumentException e) {
            return field.get().wrong("cannot be \"%s\": %s".formatted(text, e.getMessage()));
          }
        });
  }

  private static Optional<LogPolicy> policy(
      Page page, Field item, Optional<LinePattern> match, Block keys) {
    Optional<Field> field = keys.get("do");
    if (field.isEmpty()) {
      return item.wrong("takes do: one of " + String.join(", ", ANSWERS));
    }
    Optional<Answer> answer =
        field.get().word(ANSWERS).map(word -> Answer.valueOf(word.toUpperCase(Locale.ROOT)));
    if (answer.equals(Optional.of(Answer.CHECKPOINT)) && !page.keys().has("listens")) {
      field.get().wrong("cannot be checkpoint where the job does not listen: give listens, too");
    }
    long times =
        keys.get("times").flatMap(f -> f.whole(1, LogPolicy.MOST_TIMES)).orElse(USUAL_TIMES);
    return match.isPresent() && answer.isPresent()
        ? Optional.of(new LogPolicy(match.get().toString(), answer.get(), (int) times))
        : Optional.empty();
  }
}
