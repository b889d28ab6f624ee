package dev.salvor.agent.main;

import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.Memory;
import dev.salvor.agent.core.Report;
import dev.salvor.agent.link.FrameCodec;
import dev.salvor.agent.loop.Store;
import dev.salvor.agent.state.MemoryFile;
import dev.salvor.agent.state.PatientStore;
import dev.salvor.agent.state.Spool;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the loop writes down, in the agent's home; the spool within its bounds.
///
/// From `roomy` on new units wait on the disk. At `bound`, reports of units that are gone from the
/// disk are dropped; where that is not enough, a unit is told by its name only (`UnitRefused`), and
/// such a box is not given up by receipts alone. Everything else is always taken: it is small, and
/// as rare as starts of a job.
///
/// @param root where the box's "/" is
record DiskStore(MemoryFile memory, Spool spool, PatientStore store, Path root, Limits limits)
    implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(DiskStore.class);

  /// Ends of lines that a person reads; the rest is in the box's logs.
  private static final int MAX_WHY_CHARS = 4_000;

  /// A day of checkpoints a minute, of a hundred files each, and twice that on disk.
  static final Limits LIMITS = new Limits(32L << 20, 64L << 20);

  /// How much of the disk the spool takes, in bytes.
  ///
  /// @param roomy up to here units are looked for
  /// @param bound up to here they are taken
  record Limits(long roomy, long bound) {}

  @Override
  public void save(Memory now) {
    store.save(() -> memory.save(now));
  }

  @Override
  public void spool(long seq, long atMs, Report report) throws IOException {
    Report fitting = fitting(seq, atMs, report);
    if (fitting instanceof Report.UnitSeen seen) {
      int length = FrameCodec.write(seq, atMs, seen).length;
      if (!hasRoom(length)) {
        dropGone();
      }
      if (!hasRoom(length)) {
        fitting =
            refused(
                seen.unit(),
                "%d bytes of reports wait for a controller already"
                    .formatted(spool.waitingBytes()));
      }
    }
    store.spool(seq, FrameCodec.write(seq, atMs, fitting));
  }

  @Override
  public void trim(long seq) {
    store.trim(seq);
  }

  @Override
  public boolean isFull() {
    return spool.waitingBytes() >= limits.roomy();
  }

  private boolean hasRoom(int length) {
    return spool.waitingBytes() + length <= limits.bound();
  }

  /// What a stream can carry: a frame over its limit would end it, and the next one, for ever.
  private static Report fitting(long seq, long atMs, Report report) throws IOException {
    int length = FrameCodec.write(seq, atMs, report).length;
    if (length <= Spool.MAX_BYTES) {
      return report;
    }
    return switch (report) {
      case Report.UnitSeen seen ->
          refused(
              seen.unit(),
              "its manifest of %d files takes %d bytes, and a report %d"
                  .formatted(seen.unit().manifest().files().size(), length, Spool.MAX_BYTES));
      case Report.JobEnded ended -> {
        JobEnd end = ended.end();
        yield new Report.JobEnded(
            ended.boot(),
            new JobEnd(end.pid(), end.exitCode(), end.cause(), List.of()),
            ended.start());
      }
      case Report.OrderFailed failed ->
          new Report.OrderFailed(failed.orderId(), failed.why().substring(0, MAX_WHY_CHARS));
      case Report.Notice notice ->
          new Report.Notice(notice.key(), notice.what().substring(0, MAX_WHY_CHARS), notice.next());
      case Report.UnitRefused refused -> clipped(refused);
      case Report.TaskDone done ->
          new Report.TaskDone(
              done.boot(), done.digest(), done.text().substring(0, MAX_WHY_CHARS), done.exit());
      case Report.JobStarted _,
          Report.GateRefused _,
          Report.JobStalled _,
          Report.JobMoving _,
          Report.LogMatched _,
          Report.Quiesced _,
          Report.Restored _,
          Report.RoomShort _,
          Report.Pruned _,
          Report.SelfStopped _ ->
          throw new IllegalStateException("A few numbers take %d bytes".formatted(length));
    };
  }

  private static Report clipped(Report.UnitRefused refused) {
    return new Report.UnitRefused(
        refused.unit(), refused.root(), refused.why().substring(0, MAX_WHY_CHARS));
  }

  private static Report refused(Unit unit, String why) {
    LOG.atError()
        .addKeyValue("unit", unit.id())
        .addKeyValue("root", unit.manifest().root())
        .addKeyValue("why", why)
        .log("a checkpoint cannot be reported");
    return new Report.UnitRefused(unit.id(), unit.manifest().root(), why);
  }

  /// Units that their trainer deleted meanwhile: nobody can copy them any more.
  private void dropGone() throws IOException {
    Set<Long> gone = new HashSet<>();
    for (var next = spool.after(0); next.isPresent(); next = spool.after(next.get().seq())) {
      Spool.Entry entry = next.get();
      // The last number is kept by its report: it must not be given twice.
      if (entry.seq() < spool.lastSeq()
          && FrameCodec.read(entry.content()) instanceof Report.UnitSeen seen
          && isGone(seen.unit().manifest())) {
        gone.add(entry.seq());
      }
    }
    LOG.atWarn().addKeyValue("reports", gone.size()).log("reports of deleted checkpoints dropped");
    spool.drop(gone);
  }

  private boolean isGone(Manifest manifest) {
    Path place = root.resolve(manifest.root().substring(1));
    for (FileEntry file : manifest.files()) {
      if (Files.exists(place.resolve(file.path()))) {
        return false;
      }
    }
    return true;
  }
}
