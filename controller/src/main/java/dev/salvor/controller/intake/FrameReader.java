package dev.salvor.controller.intake;

import com.google.protobuf.Message;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.controller.core.Fact;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Hello;
import dev.salvor.proto.v1.JobEnded;
import dev.salvor.proto.v1.LogLines;
import dev.salvor.proto.v1.Reading;
import dev.salvor.proto.v1.Readings;
import dev.salvor.proto.v1.RoomShort;
import dev.salvor.proto.v1.TaskDone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Frames of a box as facts. Everything is checked: what does not hold is an
/// IllegalArgumentException, never half a fact.
final class FrameReader {
  private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_READINGS = 1000;
  private static final int MAX_TASK_CHARS = 300;
  private static final int MAX_LOG_LINES = 200;
  private static final int MAX_STARTS = 1_000_000;
  private static final int MAX_NAME_CHARS = 100;

  /// Far more than a run.yaml may have.
  private static final int MAX_POLICIES = 1_000;

  /// The year 9999: later ones have no common text.
  private static final long MAX_TIME_MS = 253_402_300_799_000L;

  /// A shell says no more.
  private static final int MAX_EXIT = 255;

  private FrameReader() {}

  /// The fact in an event frame; empty for frames that are none.
  static Optional<Fact> fact(Caller caller, AgentFrame frame, Instant at) {
    var rental = caller.rental();
    return switch (frame.getBodyCase()) {
      case JOB_STARTED ->
          Optional.of(
              new Fact.JobStarted(
                  at,
                  rental,
                  boot(frame.getJobStarted().getBoot()),
                  start(frame.getJobStarted().getStart())));
      case JOB_ENDED -> Optional.of(jobEnded(caller, frame.getJobEnded(), at));
      case TASK_DONE -> Optional.of(taskDone(caller, frame.getTaskDone(), at));
      case JOB_STALLED ->
          Optional.of(
              new Fact.JobStalled(
                  at,
                  rental,
                  boot(frame.getJobStalled().getBoot()),
                  start(frame.getJobStalled().getStart()),
                  why(frame.getJobStalled().getWhy())));
      case JOB_MOVING ->
          Optional.of(
              new Fact.JobMoving(
                  at,
                  rental,
                  boot(frame.getJobMoving().getBoot()),
                  start(frame.getJobMoving().getStart())));
      case LOG_MATCHED -> Optional.of(logMatched(caller, frame.getLogMatched(), at));
      case UNIT_SEEN ->
          Optional.of(new Fact.UnitSeen(at, rental, ownUnit(caller, frame.getUnitSeen())));
      case QUIESCED -> Optional.of(quiesced(caller, frame.getQuiesced(), at));
      case RESTORED ->
          Optional.of(new Fact.Restored(at, rental, known(caller, frame.getRestored().getUnit())));
      case ORDER_FAILED -> {
        var failed = frame.getOrderFailed();
        long effect = orderId(failed.getOrderId());
        yield Optional.of(new Fact.OrderFailed(at, rental, effect, BoxText.line(failed.getWhy())));
      }
      case SELF_STOPPED -> Optional.of(selfStopped(caller, frame, at));
      case ROOM_SHORT -> Optional.of(roomShort(caller, frame.getRoomShort(), at));
      case PRUNED ->
          Optional.of(new Fact.Pruned(at, rental, known(caller, frame.getPruned().getUnit())));
      case GATE_REFUSED -> Optional.of(gateRefused(caller, frame.getGateRefused(), at));
      case NOTICE -> Optional.of(BoxNotice.read(caller, frame.getNotice(), at));
      case HELLO, BEAT, READINGS, LOG_LINES, UNIT_REFUSED, GOODBYE -> Optional.empty();
      case BODY_NOT_SET -> throw new IllegalArgumentException("A frame without a body");
    };
  }

  /// Refuses what is larger than the largest manifest may be.
  static void requireFits(Message frame) {
    if (frame.getSerializedSize() > IntakeServer.MAX_MESSAGE) {
      throw new IllegalArgumentException(
          "A frame of %d bytes; a unit's manifest may make it %d at most"
              .formatted(frame.getSerializedSize(), IntakeServer.MAX_MESSAGE));
    }
  }

  static Fact joined(Caller caller, Hello hello, Instant at) {
    return new Fact.AgentJoined(
        at, caller.rental(), boot(hello.getBoot()), hello.getJobRunning(), hello.getProceeded());
  }

  private static Fact jobEnded(Caller caller, JobEnded ended, Instant at) {
    if (ended.getExitCode() < 0 || ended.getExitCode() > 255) {
      throw new IllegalArgumentException("Not an exit status: " + ended.getExitCode());
    }
    return new Fact.JobEnded(
        at,
        caller.rental(),
        boot(ended.getBoot()),
        ended.getExitCode(),
        word("cause", ended.getCause()),
        BoxText.lines(ended.getTailList()),
        start(ended.getStart()));
  }

  private static Fact gateRefused(
      Caller caller, dev.salvor.proto.v1.GateRefused refused, Instant at) {
    return new Fact.GateRefused(
        at,
        caller.rental(),
        boot(refused.getBoot()),
        word("check", refused.getCheck()),
        why(refused.getEvidence()),
        BoxText.line(refused.getFilter(), MAX_NAME_CHARS),
        refused.getJobEverStarted());
  }

  private static Fact selfStopped(Caller caller, AgentFrame frame, Instant at) {
    var stopped = frame.getSelfStopped();
    Instant then = boxTime(frame.getAtMs());
    String why = BoxText.line(stopped.getWhy());
    return new Fact.SelfStopped(at, caller.rental(), boot(stopped.getBoot()), then, why);
  }

  private static Fact roomShort(Caller caller, RoomShort lacking, Instant at) {
    String lack = lacking.getLack();
    if (!lack.equals("bytes") && !lack.equals("inodes")) {
      throw new IllegalArgumentException(
          "A disk is not short of this: " + BoxText.line(lack, MAX_NAME_CHARS));
    }
    String place = BoxText.line(lacking.getPlace(), MAX_TASK_CHARS);
    return new Fact.RoomShort(at, caller.rental(), boot(lacking.getBoot()), place, lack);
  }

  private static Fact logMatched(
      Caller caller, dev.salvor.proto.v1.LogMatched matched, Instant at) {
    if (matched.getPolicy() < 1 || matched.getPolicy() > MAX_POLICIES) {
      throw new IllegalArgumentException("Not a policy: " + matched.getPolicy());
    }
    return new Fact.LogMatched(
        at,
        caller.rental(),
        boot(matched.getBoot()),
        start(matched.getStart()),
        matched.getPolicy(),
        BoxText.line(matched.getLine(), MAX_TASK_CHARS).strip());
  }

  private static Fact taskDone(Caller caller, TaskDone done, Instant at) {
    if (!DIGEST.matcher(done.getDigest()).matches()) {
      throw new IllegalArgumentException(
          "Not a digest: " + BoxText.line(done.getDigest(), MAX_NAME_CHARS));
    }
    return new Fact.TaskDone(
        at,
        caller.rental(),
        boot(done.getBoot()),
        done.getDigest(),
        BoxText.line(done.getText(), MAX_TASK_CHARS),
        Math.clamp(done.getExit(), 0, MAX_EXIT));
  }

  static LogPiece log(LogLines wire) {
    if (wire.getLinesCount() > MAX_LOG_LINES || wire.getFirst() < 0) {
      throw new IllegalArgumentException(
          "Not lines of a log: %d from %d".formatted(wire.getLinesCount(), wire.getFirst()));
    }
    return new LogPiece(wire.getSource(), wire.getFirst(), BoxText.lines(wire.getLinesList()));
  }

  private static Fact quiesced(Caller caller, dev.salvor.proto.v1.Quiesced quiesced, Instant at) {
    if (quiesced.getCatalogPosition() < 0) {
      throw new IllegalArgumentException(
          "A catalog position is not negative: " + quiesced.getCatalogPosition());
    }
    return new Fact.Quiesced(
        at,
        caller.rental(),
        boot(quiesced.getBoot()),
        quiesced.getCatalogPosition(),
        quiesced.getJobEverStarted());
  }

  /// A unit that the caller captured: of its own generation, and no other.
  static Unit ownUnit(Caller caller, dev.salvor.proto.v1.Unit wire) {
    Unit unit = UnitWire.read(wire);
    if (unit.id().generation() != caller.rental().generation()) {
      throw new IllegalArgumentException("A unit of another generation: " + unit.id());
    }
    String root = unit.manifest().root();
    if (!root.equals("/") && !FileEntry.isSafe(root.substring(1))) {
      throw new IllegalArgumentException("Not a plain absolute path: " + root);
    }
    word("format", unit.format());
    try {
      unit.manifest().bytes();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("A unit of more bytes than there are numbers", e);
    }
    return unit;
  }

  /// A unit of the caller's run that it may know of: its own generation's, or an older one's.
  static UnitId known(Caller caller, dev.salvor.proto.v1.UnitId wire) {
    UnitId unit = UnitWire.read(wire);
    if (unit.generation() > caller.rental().generation()) {
      throw new IllegalArgumentException("A unit of a later generation: " + unit);
    }
    return unit;
  }

  static Progress progress(dev.salvor.proto.v1.Progress wire) {
    boolean hasLoss = wire.getHasLoss() && Double.isFinite(wire.getLoss());
    return new Progress(
        Math.max(-1, wire.getStep()),
        Math.max(0, wire.getTotalSteps()),
        hasLoss ? OptionalDouble.of(wire.getLoss()) : OptionalDouble.empty(),
        wire.getJobRunning(),
        BoxText.line(wire.getLastLine()));
  }

  /// What the frame tells, and by how much its box's clock is ahead.
  static List<SeenReading> readings(AgentFrame frame, Instant at) {
    List<SeenReading> all = new ArrayList<>(readings(frame.getReadings()));
    double skewMs = (double) frame.getAtMs() - at.toEpochMilli();
    all.add(new SeenReading("clock", "ahead", new SeenReading.Measured(skewMs / 1000, "s")));
    return all;
  }

  static List<SeenReading> readings(Readings wire) {
    if (wire.getReadingsCount() > MAX_READINGS) {
      throw new IllegalArgumentException("Too many readings: " + wire.getReadingsCount());
    }
    return wire.getReadingsList().stream().map(FrameReader::reading).toList();
  }

  private static SeenReading reading(Reading wire) {
    SeenReading.What what =
        switch (wire.getWhatCase()) {
          case NUMBER -> number(wire);
          case TEXT -> new SeenReading.Text(BoxText.line(wire.getText()));
          case ABSENT -> new SeenReading.Absent(BoxText.line(wire.getAbsent()));
          case WHAT_NOT_SET -> throw new IllegalArgumentException("A reading of nothing");
        };
    return new SeenReading(
        BoxText.line(wire.getProbe(), MAX_NAME_CHARS),
        BoxText.line(wire.getName(), MAX_NAME_CHARS),
        what);
  }

  private static SeenReading.What number(Reading wire) {
    return Double.isFinite(wire.getNumber())
        ? new SeenReading.Measured(wire.getNumber(), BoxText.line(wire.getUnit(), MAX_NAME_CHARS))
        : new SeenReading.Absent("the box sent " + wire.getNumber());
  }

  /// A moment by the box's clock, which may be wrong but must be one.
  private static Instant boxTime(long ms) {
    if (ms < 0 || ms > MAX_TIME_MS) {
      throw new IllegalArgumentException("Not a time: " + ms);
    }
    return Instant.ofEpochMilli(ms);
  }

  static int boot(int boot) {
    if (boot < 1) {
      throw new IllegalArgumentException("Boots count from 1: " + boot);
    }
    return boot;
  }

  /// Agents that start a job once a boot say nothing.
  private static int start(int start) {
    if (start < 0 || start > MAX_STARTS) {
      throw new IllegalArgumentException("Starts count from 1: " + start);
    }
    return Math.max(1, start);
  }

  /// Never empty: empty means that nothing is wrong.
  private static String why(String why) {
    String line = BoxText.line(why, MAX_TASK_CHARS).strip();
    return line.isEmpty() ? "the box does not say why" : line;
  }

  private static String word(String what, String value) {
    if (!WORD.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "Not a %s: %s".formatted(what, BoxText.line(value, MAX_NAME_CHARS)));
    }
    return value;
  }

  private static long orderId(String id) {
    if (!id.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException(
          "Not an order of ours: " + BoxText.line(id, MAX_NAME_CHARS));
    }
    return Long.parseLong(id);
  }
}
