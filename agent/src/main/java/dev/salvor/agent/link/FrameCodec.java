package dev.salvor.agent.link;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.JobEnded;
import dev.salvor.proto.v1.JobStarted;
import dev.salvor.proto.v1.Notice;
import dev.salvor.proto.v1.OrderFailed;
import dev.salvor.proto.v1.Quiesced;
import dev.salvor.proto.v1.Restored;
import dev.salvor.proto.v1.SelfStopped;
import java.io.IOException;
import java.util.Arrays;

/// Reports, units and unit ids as the bytes that go into the spool, into files, and over the wire.
public final class FrameCodec {
  private FrameCodec() {}

  /// The report as a whole frame.
  public static byte[] write(long seq, long atMs, Report report) {
    AgentFrame.Builder frame = AgentFrame.newBuilder().setSeq(seq).setAtMs(atMs);
    switch (report) {
      case Report.JobStarted started ->
          frame.setJobStarted(
              JobStarted.newBuilder()
                  .setBoot(started.boot())
                  .setPid(started.pid())
                  .setAdopted(started.adopted()));
      case Report.JobEnded ended ->
          frame.setJobEnded(
              JobEnded.newBuilder()
                  .setBoot(ended.boot())
                  .setExitCode(ended.end().exitCode())
                  .setCause(ended.end().cause().word())
                  .addAllTail(ended.end().tail()));
      case Report.UnitSeen seen -> frame.setUnitSeen(UnitWire.write(seen.unit()));
      case Report.Quiesced quiesced ->
          frame.setQuiesced(
              Quiesced.newBuilder()
                  .setBoot(quiesced.boot())
                  .setCatalogPosition(quiesced.position())
                  .setJobEverStarted(quiesced.jobEverStarted()));
      case Report.Restored restored ->
          frame.setRestored(Restored.newBuilder().setUnit(UnitWire.write(restored.unit())));
      case Report.SelfStopped stopped ->
          frame.setSelfStopped(
              SelfStopped.newBuilder().setBoot(stopped.boot()).setWhy(stopped.why()));
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

  /// Reads what `write` wrote.
  public static Report read(byte[] frame) throws IOException {
    AgentFrame read = parse(frame);
    return switch (read.getBodyCase()) {
      case JOB_STARTED ->
          new Report.JobStarted(
              read.getJobStarted().getBoot(),
              read.getJobStarted().getPid(),
              read.getJobStarted().getAdopted());
      case JOB_ENDED -> new Report.JobEnded(read.getJobEnded().getBoot(), end(read.getJobEnded()));
      case UNIT_SEEN -> new Report.UnitSeen(UnitWire.read(read.getUnitSeen()));
      case QUIESCED ->
          new Report.Quiesced(
              read.getQuiesced().getBoot(),
              read.getQuiesced().getCatalogPosition(),
              read.getQuiesced().getJobEverStarted());
      case RESTORED -> new Report.Restored(UnitWire.read(read.getRestored().getUnit()));
      case ORDER_FAILED ->
          new Report.OrderFailed(
              read.getOrderFailed().getOrderId(), read.getOrderFailed().getWhy());
      case SELF_STOPPED ->
          new Report.SelfStopped(read.getSelfStopped().getBoot(), read.getSelfStopped().getWhy());
      case NOTICE ->
          new Report.Notice(
              read.getNotice().getKey(), read.getNotice().getWhat(), read.getNotice().getNext());
      case HELLO, BEAT, READINGS, GOODBYE, BODY_NOT_SET ->
          throw new IOException("Not a spooled report: " + read.getBodyCase());
    };
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

  private static JobEnd end(JobEnded ended) throws IOException {
    JobEnd.Cause cause =
        Arrays.stream(JobEnd.Cause.values())
            .filter(c -> c.word().equals(ended.getCause()))
            .findFirst()
            .orElseThrow(() -> new IOException("Not a cause: " + ended.getCause()));
    return new JobEnd(0, ended.getExitCode(), cause, ended.getTailList());
  }
}
