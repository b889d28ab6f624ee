package dev.salvor.controller.intake;

import dev.salvor.controller.core.Fact;
import dev.salvor.proto.v1.Notice;
import java.time.Instant;
import java.util.regex.Pattern;

/// What a box wants a person to know, as an announcement of its rental's own.
final class BoxNotice {
  /// A closed list with a small number: one key is told once, so a box can tell a few hundred
  /// things and no more.
  private static final Pattern KEY =
      Pattern.compile("(disk-bytes|disk-inodes|unit-too-large|steps-skipped)(-[0-9]{1,2})?");

  private BoxNotice() {}

  static Fact read(Caller caller, Notice wire, Instant at) {
    if (!KEY.matcher(wire.getKey()).matches()) {
      throw new IllegalArgumentException(
          "Not a notice that boxes give: " + BoxText.line(wire.getKey(), 100));
    }
    return new Fact.Announced(
        at,
        "box-%s-%s".formatted(caller.rental(), wire.getKey()),
        "Box %s: %s".formatted(caller, BoxText.line(wire.getWhat())),
        BoxText.line(wire.getNext()));
  }
}
