package dev.salvor.agent.checkpoint;

import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.Candidate;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What could not be had: steps that were rotated away before they were copied, and directories too
/// large for one unit. Each is told, none is passed over.
final class Losses {
  private static final Logger LOG = LoggerFactory.getLogger(Losses.class);

  /// Those waiting for a copy beyond these are not followed.
  private static final int MAX_WAITING = 1_000;

  /// Each is told once; a person needs no longer list.
  private static final int MAX_TOLD = 20;

  private record Waiting(UnitId unit, long step, Path base, Path first) {}

  private final Map<UnitId, Waiting> waiting = new LinkedHashMap<>();
  private final List<Report.Notice> notices = new ArrayList<>();
  private int large;
  private boolean skipTold;

  List<Report.Notice> take() {
    List<Report.Notice> taken = List.copyOf(notices);
    notices.clear();
    return taken;
  }

  void gave(Unit unit, Candidate candidate) {
    if (waiting.size() < MAX_WAITING) {
      Path first = candidate.places().getFirst();
      waiting.put(unit.id(), new Waiting(unit.id(), unit.step(), candidate.base(), first));
    }
  }

  void copied(UnitId unit) {
    waiting.remove(unit);
  }

  /// Notes what is neither in its place nor pinned any more.
  void looked() {
    for (Iterator<Waiting> each = waiting.values().iterator(); each.hasNext(); ) {
      Waiting one = each.next();
      boolean there = Files.exists(one.first(), LinkOption.NOFOLLOW_LINKS);
      if (!there && PinPlace.find(one.base(), one.unit()).isEmpty()) {
        each.remove();
        skipped(one);
      }
    }
  }

  private void skipped(Waiting one) {
    LOG.atWarn()
        .addKeyValue("step", one.step())
        .addKeyValue("unit", one.unit())
        .log("a checkpoint was rotated away before it was copied");
    if (skipTold) {
      return;
    }
    skipTold = true;
    notices.add(
        new Report.Notice(
            "steps-skipped",
            "The checkpoint at step %d (%s) was rotated away before it was copied; so may later ones."
                .formatted(one.step(), one.unit()),
            "The newest one is always held and copied. To have them all, save less often or let the"
                + " trainer keep more of them."));
  }

  void tooLarge(String path, String why) {
    if (large >= MAX_TOLD) {
      return;
    }
    large++;
    notices.add(
        new Report.Notice(
            "unit-too-large-" + large,
            "%s is no checkpoint that can be followed: %s.".formatted(path, why),
            "Its files are copied as results once the job has ended. Let the trainer write fewer,"
                + " larger files to have it copied while it runs."));
  }
}
