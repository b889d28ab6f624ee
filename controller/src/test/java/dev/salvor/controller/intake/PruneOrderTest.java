package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.controller.core.GrantedPermit;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.Order;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An order to remove a checkpoint goes to the box and the boot of its permit.
class PruneOrderTest {
  private static final Caller BOX = TestIntake.caller(1);
  private static final UnitId GOING = Frames.unit(1, 1).id();
  private static final UnitId STAYS = Frames.unit(1, 2).id();
  private static final PrunePermit PERMIT = GrantedPermit.toPrune(GOING, STAYS);

  @TempDir Path dir;

  @Test
  void it_reaches_the_boot_of_its_permit_and_no_other() throws Exception {
    try (TestIntake intake = new TestIntake(dir)) {
      assertThat(prune(intake)).as("nobody is there").isInstanceOf(Outcome.Failed.class);
      Replies<ControllerFrame> replies = open(intake, 1);
      assertThat(prune(intake)).isEqualTo(new Outcome.Done());
      replies.await("the order", ControllerFrame::hasOrder);
      Order order =
          replies.all().stream()
              .filter(ControllerFrame::hasOrder)
              .findFirst()
              .orElseThrow()
              .getOrder();
      assertThat(order.getId()).isEqualTo("9");
      assertThat(UnitWire.read(order.getPrune().getUnit())).isEqualTo(GOING);
      assertThat(order.getPrune().getStaysList()).containsExactly(UnitWire.write(STAYS));
      open(intake, 2);
      assertThat(prune(intake))
          .as("it has come up anew")
          .isEqualTo(new Outcome.Failed("Box %s is at boot 2, not 1".formatted(BOX), true));
    }
  }

  private static Outcome prune(TestIntake intake) {
    return intake.server.berths().prune(BOX.run(), 9, PERMIT);
  }

  private static Replies<ControllerFrame> open(TestIntake intake, int boot) throws Exception {
    var replies = new Replies<ControllerFrame>();
    LinkGrpc.newStub(intake.box(1).channel()).open(replies).onNext(Frames.hello(boot));
    replies.await("welcome", ControllerFrame::hasWelcome);
    return replies;
  }
}
