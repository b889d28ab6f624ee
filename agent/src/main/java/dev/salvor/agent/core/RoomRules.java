package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.INFO;
import static dev.salvor.agent.core.Action.Say.Level.WARN;

import dev.salvor.agent.core.RoomRule.Lack;
import dev.salvor.agent.core.RoomWatch.Episode;
import dev.salvor.agent.core.RoomWatch.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps room for the next checkpoint: looks, helps in order, and tells a person when nothing of
/// ours is left to give.
final class RoomRules {
  /// A large checkpoint is written over many seconds; a small one leaves room.
  static final long LOOK_EVERY_MS = 2_000;

  /// Scratch grows again, pins are set again: both are tried anew while the disk stays short.
  static final long AGAIN_MS = 30_000;

  /// A pace needs so long to show.
  static final long SAMPLE_MS = 60_000;

  /// What its user gave up goes before what guards cargo.
  private static final List<Relief> ORDER = List.of(Relief.SCRATCH, Relief.PINS);

  private RoomRules() {}

  static void apply(Turn turn, AgentEvent.RoomSeen seen) {
    turn.room = turn.room.next(turn.now.monoMs() + LOOK_EVERY_MS, false).with(seen);
    if (seen.disks().isEmpty()) {
      turn.say(WARN, "cannot see how full the disks are", Map.of("why", seen.why()));
    }
    for (Disk disk : seen.disks()) {
      if (!turn.room.busy()) {
        judge(turn, disk, seen.need());
      }
    }
  }

  static void apply(Turn turn, AgentEvent.RoomMade made) {
    Episode episode = turn.room.episodes().get(made.place());
    if (episode != null) {
      String gave = episode.gave().isEmpty() ? made.gave() : episode.gave() + ", " + made.gave();
      Episode next = new Episode(episode.tried() + 1, gave, episode.told(), episode.again());
      turn.room = turn.room.with(made.place(), next);
      turn.say(INFO, "made room on a disk", Map.of("disk", made.place(), "gave", made.gave()));
    }
    turn.room = turn.room.next(turn.now.monoMs(), false);
  }

  static void keepUp(Turn turn) {
    if (turn.chores.catalogOpen() && !turn.room.busy() && turn.now.monoMs() >= turn.room.at()) {
      turn.room = turn.room.next(turn.now.monoMs() + LOOK_EVERY_MS, true);
      turn.act(new Action.LookForRoom());
    }
  }

  static long wakeAt(AgentState state) {
    boolean idle = state.chores().catalogOpen() && !state.room().busy();
    return idle ? state.room().at() : Long.MAX_VALUE;
  }

  private static void judge(Turn turn, Disk disk, Need need) {
    RoomRule.Pace pace = pace(turn, disk);
    Episode before = turn.room.episodes().get(disk.place());
    Optional<Lack> lacking = RoomRule.judge(disk, need, pace, before != null);
    if (lacking.isEmpty()) {
      over(turn, disk, before);
      return;
    }
    Episode episode = before == null ? new Episode(0, "", false, 0) : before;
    if (episode.told() && turn.now.monoMs() >= episode.again()) {
      episode = new Episode(0, "", true, turn.now.monoMs() + AGAIN_MS);
    }
    turn.room = turn.room.with(disk.place(), episode);
    if (episode.tried() < ORDER.size()) {
      turn.room = turn.room.next(turn.room.at(), true);
      turn.act(new Action.MakeRoom(disk.place(), ORDER.get(episode.tried())));
    } else if (!episode.told()) {
      tell(turn, disk, need, new Told(lacking.get(), episode));
    }
  }

  private record Told(Lack lacking, Episode episode) {}

  private static void tell(Turn turn, Disk disk, Need need, Told told) {
    Episode episode = told.episode();
    turn.room =
        turn.room.with(
            disk.place(),
            new Episode(episode.tried(), episode.gave(), true, turn.now.monoMs() + AGAIN_MS));
    turn.room = turn.room.told();
    String left =
        disk.inodes() == 0
            ? megabytes(disk.freeBytes()) + " left"
            : "%s and %d inodes left".formatted(megabytes(disk.freeBytes()), disk.freeInodes());
    String wants =
        need.bytes() == 0
            ? ""
            : "; the next checkpoint takes about %s in %d files"
                .formatted(megabytes(need.bytes()), need.files());
    String what = told.lacking() == Lack.BYTES ? "bytes" : "inodes";
    turn.report(new Report.RoomShort(turn.self.boot(), disk.place(), what));
    turn.report(
        new Report.Notice(
            "disk-%s-%d".formatted(what, Math.min(99, turn.room.count())),
            "The disk at %s runs out of %s: %s%s. Tried: %s."
                .formatted(disk.place(), what, left, wants, episode.gave()),
            "Delete what the job does not need, let the trainer keep fewer checkpoints, or say in"
                + " run.yaml what may go: scratch files ('scratch:'), or checkpoints that are home"
                + " ('retention: {on_box: 2}'). The job may fail to write until then; what is"
                + " complete is copied on."));
    turn.say(WARN, "a disk is short of " + what, Map.of("disk", disk.place(), "left", left));
  }

  private static void over(Turn turn, Disk disk, @Nullable Episode was) {
    if (was != null) {
      turn.room = turn.room.without(disk.place());
      turn.say(
          INFO,
          "a disk has room again",
          Map.of("disk", disk.place(), "free", megabytes(disk.freeBytes())));
    }
  }

  private static RoomRule.Pace pace(Turn turn, Disk disk) {
    Sample then = turn.room.samples().get(disk.place());
    long now = turn.now.monoMs();
    if (then == null) {
      turn.room =
          turn.room.with(disk.place(), new Sample(now, disk.freeBytes(), disk.freeInodes()));
      return RoomRule.Pace.UNKNOWN;
    }
    long ms = now - then.at();
    if (ms < SAMPLE_MS) {
      return RoomRule.Pace.UNKNOWN;
    }
    if (ms > 2 * SAMPLE_MS) {
      turn.room =
          turn.room.with(disk.place(), new Sample(now, disk.freeBytes(), disk.freeInodes()));
    }
    return new RoomRule.Pace(
        (double) (then.freeBytes() - disk.freeBytes()) / ms,
        (double) (then.freeInodes() - disk.freeInodes()) / ms);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
