package dev.salvor.controller.launch.spec;

import dev.salvor.common.unit.SpanText;
import dev.salvor.controller.core.RunSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What becomes of the box, and when the run is over at the latest.
final class FinishSection {
  static final List<String> THENS = List.of("destroy", "stop", "keep");
  static final List<String> APPROVALS = List.of("ask", "yes");

  private FinishSection() {}

  static RunSpec.Finish finish(Page page) {
    boolean oneshot = page.text("runtype", "").equals("oneshot");
    Optional<Field> field = page.get("finish");
    if (oneshot) {
      page.findings()
          .warning(
              page.keys().line("runtype"),
              "oneshot is no runtype of the platform's: it is sent as args, and the box is stopped"
                  + " at the end (its disk goes on billing) unless finish says otherwise");
    }
    Block keys =
        field
            .filter(Field::isMapping)
            .map(f -> f.block(RunKeys.FINISH))
            .orElse(Block.empty(RunKeys.FINISH));
    Optional<String> then =
        field.isPresent() && !field.get().isMapping()
            ? field.get().word(THENS)
            : keys.get("then").flatMap(f -> f.word(THENS));
    String approval = keys.get("approval").flatMap(f -> f.word(APPROVALS)).orElse("ask");
    return new RunSpec.Finish(
        RunSpec.After.valueOf(then.orElse(oneshot ? "stop" : "destroy").toUpperCase(Locale.ROOT)),
        approval.equals("yes"),
        keys.get("unattended").flatMap(Field::time).orElse(Duration.ZERO),
        keys.get("lease").flatMap(Field::time).orElse(Duration.ZERO));
  }

  /// A moment, or a time from now.
  static Optional<Instant> deadline(Page page) {
    Optional<Field> field = page.get("deadline");
    Optional<String> text = field.flatMap(Field::text).map(String::strip);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Instant now = page.source().now();
    Optional<Instant> deadline =
        SpanText.parse(text.get()).map(now::plus).or(() -> moment(text.get()));
    if (deadline.isEmpty()) {
      return field
          .get()
          .wrong(
              "takes a moment such as 2030-01-31T18:00:00Z, or a time from now such as 36h, not \"%s\""
                  .formatted(text.get()));
    }
    return deadline.get().isAfter(now)
        ? deadline
        : field.get().wrong("is over: it is %s".formatted(now));
  }

  private static Optional<Instant> moment(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
