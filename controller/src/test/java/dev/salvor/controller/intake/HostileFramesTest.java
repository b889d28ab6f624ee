package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.controller.core.Fact;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.FileEntry;
import dev.salvor.proto.v1.JobEnded;
import dev.salvor.proto.v1.JobStarted;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.LogMatched;
import dev.salvor.proto.v1.OrderFailed;
import dev.salvor.proto.v1.Pruned;
import dev.salvor.proto.v1.Quiesced;
import dev.salvor.proto.v1.Restored;
import dev.salvor.proto.v1.RoomShort;
import dev.salvor.proto.v1.Unit;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A box that lies is not believed, and cannot do more than be ignored.
final class HostileFramesTest {
  private static final Caller BOX = TestIntake.caller(2);

  @TempDir Path dir;

  @Test
  void every_lie_is_dropped_acknowledged_and_the_stream_kept() throws Exception {
    try (TestIntake intake = new TestIntake(dir)) {
      var replies = new Replies<ControllerFrame>();
      StreamObserver<AgentFrame> link = LinkGrpc.newStub(intake.box(2).channel()).open(replies);
      link.onNext(Frames.hello(1));
      long seq = 0;
      for (AgentFrame.Builder lie : lies()) {
        link.onNext(lie.setSeq(++seq).build());
      }
      link.onNext(Frames.started(0));
      link.onNext(Frames.started(-5));
      link.onNext(Frames.hello(1));
      long last = seq + 1;
      link.onNext(Frames.started(last));
      replies.await("ack", f -> f.hasEventAck() && f.getEventAck().getSeq() == last);
      assertThat(intake.harbour.facts())
          .filteredOn(fact -> !(fact instanceof Fact.Announced))
          .hasExactlyElementsOfTypes(Fact.AgentJoined.class, Fact.JobStarted.class);
      assertThat(intake.server.droppedFrames()).isEqualTo(seq + 3);
      assertThat(replies.end()).isEmpty();
    }
  }

  @Test
  void each_lie_is_refused_for_itself() {
    for (AgentFrame.Builder lie : lies()) {
      assertThatThrownBy(() -> FrameReader.fact(BOX, lie.build(), Instant.EPOCH))
          .as(lie.toString())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_line_of_a_log_is_short_and_plain() {
    LogMatched line =
        LogMatched.newBuilder()
            .setBoot(1)
            .setStart(2)
            .setPolicy(3)
            .setLine("\u001b[31mNCCL error " + "x".repeat(10_000))
            .build();
    AgentFrame frame = AgentFrame.newBuilder().setLogMatched(line).build();
    Fact.LogMatched fact =
        (Fact.LogMatched) FrameReader.fact(BOX, frame, Instant.EPOCH).orElseThrow();
    assertThat(fact.start()).isEqualTo(2);
    assertThat(fact.policy()).isEqualTo(3);
    assertThat(fact.line()).startsWith("?[31mNCCL error").hasSizeLessThan(600);
  }

  private static List<AgentFrame.Builder> lies() {
    return List.of(
        AgentFrame.newBuilder(),
        AgentFrame.newBuilder().setJobStarted(JobStarted.newBuilder().setBoot(0)),
        AgentFrame.newBuilder().setJobEnded(ended().setExitCode(256)),
        AgentFrame.newBuilder().setJobEnded(ended().setExitCode(-1)),
        AgentFrame.newBuilder().setJobEnded(ended().setCause("done\u001b[0m")),
        AgentFrame.newBuilder().setJobEnded(ended().setCause("x".repeat(1000))),
        AgentFrame.newBuilder()
            .setQuiesced(Quiesced.newBuilder().setBoot(1).setCatalogPosition(-1)),
        AgentFrame.newBuilder().setOrderFailed(OrderFailed.newBuilder().setOrderId("not ours")),
        AgentFrame.newBuilder().setLogMatched(LogMatched.newBuilder().setBoot(1)),
        AgentFrame.newBuilder().setLogMatched(LogMatched.newBuilder().setPolicy(1)),
        AgentFrame.newBuilder()
            .setLogMatched(LogMatched.newBuilder().setBoot(1).setStart(-1).setPolicy(1)),
        AgentFrame.newBuilder()
            .setLogMatched(LogMatched.newBuilder().setBoot(1).setPolicy(Integer.MAX_VALUE)),
        AgentFrame.newBuilder().setRoomShort(lacking().setBoot(0)),
        AgentFrame.newBuilder().setRoomShort(lacking().setLack("patience")),
        AgentFrame.newBuilder().setRoomShort(lacking().clearLack()),
        AgentFrame.newBuilder().setPruned(Pruned.newBuilder()),
        AgentFrame.newBuilder()
            .setPruned(Pruned.newBuilder().setUnit(UnitWire.write(Frames.unit(3, 1).id()))),
        AgentFrame.newBuilder().setRestored(Restored.newBuilder()),
        AgentFrame.newBuilder()
            .setRestored(Restored.newBuilder().setUnit(UnitWire.write(Frames.unit(3, 1).id()))),
        unit(unit -> unit.clearId()),
        unit(unit -> unit.clearManifest()),
        unit(unit -> unit.clearKind()),
        unit(unit -> unit.setKindValue(99)),
        unit(unit -> unit.setStep(-1)),
        unit(unit -> unit.setFormat("../../etc")),
        unit(unit -> unit.mergeFrom(UnitWire.write(Frames.unit(1, 1)))),
        rooted("relative"),
        rooted("/work/../etc"),
        rooted("/work/\u0007"),
        file("../escape", 1),
        file("/absolute", 1),
        file("a//b", 1),
        file("a", -1),
        file("same", 1, "same", 1),
        file("a", Long.MAX_VALUE, "b", Long.MAX_VALUE),
        unit(unit -> {
          unit.getIdBuilder().setManifestDigest(ByteString.copyFrom(new byte[31]));
          return unit;
        }));
  }

  private static RoomShort.Builder lacking() {
    return RoomShort.newBuilder().setBoot(1).setPlace("/work").setLack("bytes");
  }

  @Test
  void a_short_disk_and_what_went_from_it_are_facts_of_the_callers_own() {
    AgentFrame lacking =
        AgentFrame.newBuilder()
            .setRoomShort(lacking().setBoot(3).setLack("inodes").setPlace("/w\u001b[2J"))
            .build();
    assertThat(FrameReader.fact(BOX, lacking, Instant.EPOCH))
        .contains(new Fact.RoomShort(Instant.EPOCH, BOX.rental(), 3, "/w?[2J", "inodes"));
    var unit = Frames.unit(2, 1).id();
    AgentFrame pruned =
        AgentFrame.newBuilder()
            .setPruned(Pruned.newBuilder().setUnit(UnitWire.write(unit)))
            .build();
    assertThat(FrameReader.fact(BOX, pruned, Instant.EPOCH))
        .contains(new Fact.Pruned(Instant.EPOCH, BOX.rental(), unit));
  }

  private static JobEnded.Builder ended() {
    return JobEnded.newBuilder().setBoot(1).setCause("done");
  }

  private static AgentFrame.Builder unit(UnaryOperator<Unit.Builder> change) {
    Unit.Builder good = UnitWire.write(Frames.unit(2, 1)).toBuilder();
    return AgentFrame.newBuilder().setUnitSeen(change.apply(good));
  }

  private static AgentFrame.Builder rooted(String root) {
    return unit(unit -> {
      unit.getManifestBuilder().setRoot(root);
      return unit;
    });
  }

  /// The digest of the manifest is right, where there can be one: only the files are wrong.
  private static AgentFrame.Builder file(Object... pathsAndSizes) {
    return unit(unit -> {
      unit.getManifestBuilder().clearFiles();
      StringBuilder canonical = new StringBuilder();
      ByteString digest = ByteString.copyFrom(new byte[32]);
      for (int i = 0; i < pathsAndSizes.length; i += 2) {
        String path = (String) pathsAndSizes[i];
        long size = ((Number) pathsAndSizes[i + 1]).longValue();
        unit.getManifestBuilder()
            .addFiles(FileEntry.newBuilder().setPath(path).setSize(size).setSha256(digest));
        canonical.append(path + "\0" + size + "\0" + "0".repeat(64) + "\n");
      }
      byte[] bytes = canonical.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      unit.getIdBuilder()
          .setManifestDigest(ByteString.copyFrom(dev.salvor.common.unit.Sha256.of(bytes).bytes()));
      return unit;
    });
  }
}
