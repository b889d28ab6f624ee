package dev.salvor.agent.link;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.GateRefused;
import dev.salvor.proto.v1.JobEnded;
import dev.salvor.proto.v1.JobMoving;
import dev.salvor.proto.v1.JobStalled;
import dev.salvor.proto.v1.JobStarted;
import dev.salvor.proto.v1.LogMatched;
import dev.salvor.proto.v1.Notice;
import dev.salvor.proto.v1.OrderFailed;
import dev.salvor.proto.v1.Pruned;
import dev.salvor.proto.v1.Quiesced;
import dev.salvor.proto.v1.Restored;
import dev.salvor.proto.v1.RoomShort;
import dev.salvor.proto.v1.SelfStopped;
import dev.salvor.proto.v1.TaskDone;
import dev.salvor.proto.v1.UnitRefused;
import java.io.IOException;
import java.util.Arrays;

/// Reports, units and unit ids as the bytes that go into the spool, into files, and over the wire.
public final class FrameCodec {
  private FrameCodec() {}

  /// The report as a whole frame.
  public static byte[] write(long seq, long atMs, Report report) {
    AgentFrame.Builder frame = AgentFrame.newBuilder().setSeq(seq).setAtMs(atMs);
    switch (report) {
      case Report.JobStarted started -> frame.setJobStarted(started(started));
      case Report.JobEnded ended -> frame.setJobEnded(ended(ended));
      case Report.TaskDone done -> frame.setTaskDone(done(done));
      case Report.JobStalled stalled -> frame.setJobStalled(stalled(stalled));
      case Report.JobMoving moving ->
          frame.setJobMoving(
              JobMoving.newBuilder().setBoot(moving.boot()).setStart(moving.start()));
      case Report.LogMatched matched -> frame.setLogMatched(matched(matched));
      case Report.UnitSeen seen -> frame.setUnitSeen(UnitWire.write(seen.unit()));
      case Report.UnitRefused refused -> frame.setUnitRefused(refused(refused));
      case Report.Quiesced quiesced ->
          frame.setQuiesced(
              Quiesced.newBuilder()
                  .setBoot(quiesced.boot())
                  .setCatalogPosition(quiesced.position())
                  .setJobEverStarted(quiesced.jobEverStarted()));
      case Report.Restored restored ->
          frame.setRestored(Restored.newBuilder().setUnit(UnitWire.write(restored.unit())));
      case Report.RoomShort lacking -> frame.setRoomShort(lacking(lacking));
      case Report.Pruned pruned ->
          frame.setPruned(Pruned.newBuilder().setUnit(UnitWire.write(pruned.unit())));
      case Report.SelfStopped stopped ->
          frame.setSelfStopped(
              SelfStopped.newBuilder().setBoot(stopped.boot()).setWhy(stopped.why()));
      case Report.GateRefused refused ->
          frame.setGateRefused(
              GateRefused.newBuilder()
                  .setBoot(refused.boot())
                  .setCheck(refused.why().check())
                  .setEvidence(refused.why().evidence())
                  .setFilter(refused.why().filter())
                  .setJobEverStarted(refused.everStarted()));
      case Report.OrderFailed failed ->
          frame.setOrderFailed(
              OrderFailed.newBuilder().setOrderId(failed.orderId()).setWhy(failed.why()));
      case Report.Notice notice ->
          frame.setNotice(
              Notice.newBuilder()
                  .setKey(notice.key())
                  .setWhat(notice.what())
                  .setNext(notice.next()));
    }
    return frame.build().toByteArray();
  }

  private static JobStarted.Builder started(Report.JobStarted started) {
    return JobStarted.newBuilder()
        .setBoot(started.boot())
        .setPid(started.pid())
        .setAdopted(started.adopted())
        .setStart(started.start());
  }

  private static TaskDone.Builder done(Report.TaskDone done) {
    return TaskDone.newBuilder()
        .setBoot(done.boot())
        .setDigest(done.digest())
        .setText(done.text())
        .setExit(done.exit());
  }

  private static JobStalled.Builder stalled(Report.JobStalled stalled) {
    return JobStalled.newBuilder()
        .setBoot(stalled.boot())
        .setStart(stalled.start())
        .setWhy(stalled.why());
  }

  private static LogMatched.Builder matched(Report.LogMatched matched) {
    return LogMatched.newBuilder()
        .setBoot(matched.boot())
        .setStart(matched.start())
        .setPolicy(matched.policy())
        .setLine(matched.line());
  }

  private static Report matched(LogMatched read) {
    return new Report.LogMatched(
        read.getBoot(), start(read.getStart()), read.getPolicy(), read.getLine());
  }

  private static UnitRefused.Builder refused(Report.UnitRefused refused) {
    return UnitRefused.newBuilder()
        .setUnit(UnitWire.write(refused.unit()))
        .setRoot(refused.root())
        .setWhy(refused.why());
  }

  /// Reads what `write` wrote.
  public static Report read(byte[] frame) throws IOException {
    AgentFrame read = parse(frame);
    return switch (read.getBodyCase()) {
      case JOB_STARTED -> started(read.getJobStarted());
      case JOB_ENDED ->
          new Report.JobEnded(
              read.getJobEnded().getBoot(),
              end(read.getJobEnded()),
              start(read.getJobEnded().getStart()));
      case TASK_DONE ->
          new Report.TaskDone(
              read.getTaskDone().getBoot(),
              read.getTaskDone().getDigest(),
              read.getTaskDone().getText(),
              read.getTaskDone().getExit());
      case JOB_STALLED ->
          new Report.JobStalled(
              read.getJobStalled().getBoot(),
              start(read.getJobStalled().getStart()),
              read.getJobStalled().getWhy());
      case JOB_MOVING ->
          new Report.JobMoving(
              read.getJobMoving().getBoot(), start(read.getJobMoving().getStart()));
      case LOG_MATCHED -> matched(read.getLogMatched());
      case UNIT_SEEN -> new Report.UnitSeen(UnitWire.read(read.getUnitSeen()));
      case UNIT_REFUSED ->
          new Report.UnitRefused(
              UnitWire.read(read.getUnitRefused().getUnit()),
              read.getUnitRefused().getRoot(),
              read.getUnitRefused().getWhy());
      case QUIESCED ->
          new Report.Quiesced(
              read.getQuiesced().getBoot(),
              read.getQuiesced().getCatalogPosition(),
              read.getQuiesced().getJobEverStarted());
      case RESTORED -> new Report.Restored(UnitWire.read(read.getRestored().getUnit()));
      case ROOM_SHORT -> lacking(read.getRoomShort());
      case PRUNED -> new Report.Pruned(UnitWire.read(read.getPruned().getUnit()));
      case ORDER_FAILED -> failed(read.getOrderFailed());
      case SELF_STOPPED ->
          new Report.SelfStopped(read.getSelfStopped().getBoot(), read.getSelfStopped().getWhy());
      case GATE_REFUSED -> refused(read.getGateRefused());
      case NOTICE ->
          new Report.Notice(
              read.getNotice().getKey(), read.getNotice().getWhat(), read.getNotice().getNext());
      case HELLO, BEAT, READINGS, GOODBYE, LOG_LINES, BODY_NOT_SET ->
          throw new IOException("Not a spooled report: " + read.getBodyCase());
    };
  }

  private static Report failed(OrderFailed read) {
    return new Report.OrderFailed(read.getOrderId(), read.getWhy());
  }

  private static RoomShort.Builder lacking(Report.RoomShort lacking) {
    return RoomShort.newBuilder()
        .setBoot(lacking.boot())
        .setPlace(lacking.place())
        .setLack(lacking.lack());
  }

  private static Report lacking(RoomShort read) {
    return new Report.RoomShort(read.getBoot(), read.getPlace(), read.getLack());
  }

  private static Report refused(GateRefused refused) {
    return new Report.GateRefused(
        refused.getBoot(),
        new Gate.Refusal(refused.getCheck(), refused.getEvidence(), refused.getFilter()),
        refused.getJobEverStarted());
  }

  private static Report started(JobStarted started) {
    return new Report.JobStarted(
        started.getBoot(), started.getPid(), started.getAdopted(), start(started.getStart()));
  }

  static AgentFrame parse(byte[] frame) throws IOException {
    try {
      return AgentFrame.parseFrom(frame);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("Not a frame", e);
    }
  }

  /// A unit, as carry processes read it.
  public static byte[] unit(Unit unit) {
    return UnitWire.write(unit).toByteArray();
  }

  /// A unit's id, as carry processes read it.
  public static byte[] unitId(UnitId id) {
    return UnitWire.write(id).toByteArray();
  }

  /// Reads what `unit` wrote, here or in a carry process.
  public static Unit readUnit(byte[] bytes) throws IOException {
    try {
      return UnitWire.read(dev.salvor.proto.v1.Unit.parseFrom(bytes));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new IOException("Not a unit: " + e.getMessage(), e);
    }
  }

  private static JobEnded.Builder ended(Report.JobEnded ended) {
    return JobEnded.newBuilder()
        .setBoot(ended.boot())
        .setExitCode(ended.end().exitCode())
        .setCause(ended.end().cause().word())
        .addAllTail(ended.end().tail())
        .setStart(ended.start());
  }

  /// Frames of agents that started a job once a boot say nothing.
  private static int start(int wire) {
    return Math.max(1, wire);
  }

  private static JobEnd end(JobEnded ended) throws IOException {
    JobEnd.Cause cause =
        Arrays.stream(JobEnd.Cause.values())
            .filter(c -> c.word().equals(ended.getCause()))
            .findFirst()
            .orElseThrow(() -> new IOException("Not a cause: " + ended.getCause()));
    return new JobEnd(0, ended.getExitCode(), cause, ended.getTailList());
  }
}
