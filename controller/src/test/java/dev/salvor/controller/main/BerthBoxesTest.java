package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.intake.Berths;
import dev.salvor.controller.intake.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a box is told to be: what its offer was.
class BerthBoxesTest {
  private static final RentalRef SECOND = new RentalRef(2, 1);

  @TempDir Path dir;

  private final HeardBerths berths = new HeardBerths();

  @Test
  void order_to_start_names_the_gpus_and_the_disk_that_were_rented() {
    Story story = Story.begin().rented(Story.ONE).joined(Story.ONE, 1);
    tell(story, Story.ONE, new AgentOrder.Proceed(), true);

    assertThat(berths.heard.getFirst().gate())
        .hasValueSatisfying(gate -> {
          assertThat(gate.gpus()).isEqualTo(1);
          assertThat(gate.gpu()).isEqualTo("RTX 4090");
          assertThat(gate.diskBytes()).isEqualTo(10_000_000_000L);
          assertThat(gate.neededBytes()).isZero();
        });
    tell(story, Story.ONE, new AgentOrder.Proceed(), false);
    assertThat(berths.heard.get(1).gate())
        .as("a sandbox promises nothing")
        .hasValueSatisfying(gate -> assertThat(gate.gpus()).isZero());
  }

  @Test
  void order_to_go_on_names_the_bytes_of_what_is_brought_and_of_the_next() {
    Unit model = Story.checkpoint(Story.ONE, 1, 1, 100);
    Unit beside = Story.checkpoint(Story.ONE, 1, 2, 100, "critic");
    Story story =
        Story.begin()
            .rented(Story.ONE)
            .trains(Story.ONE, 1)
            .safe(Story.ONE, model)
            .safe(Story.ONE, beside)
            .rented(SECOND);

    tell(story, SECOND, new AgentOrder.ProceedFrom(model.id(), List.of(beside.id())), true);

    assertThat(berths.heard.getFirst().gate())
        .hasValueSatisfying(gate -> assertThat(gate.neededBytes()).isEqualTo(100 + 2 * 100));
  }

  @Test
  void what_the_spec_says_of_a_checkpoint_is_asked_of_the_first_box_already() {
    RunSpec s = Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, true));
    RunSpec.Market m = s.market();
    RunSpec.Market sized =
        new RunSpec.Market(
            m.image(),
            m.query(),
            m.diskGb(),
            m.interruptible(),
            m.cap(),
            m.bidding(),
            m.bid(),
            new RunSpec.Sizes(0, 0, 5_000_000_000L));
    RunSpec large =
        new RunSpec(s.run(), s.job(), sized, s.box(), s.finish(), s.budget(), s.deadline());
    Story story = Story.of(large).rented(Story.ONE).joined(Story.ONE, 1);
    tell(story, Story.ONE, new AgentOrder.Proceed(), true);
    assertThat(berths.heard.getFirst().gate())
        .hasValueSatisfying(gate -> assertThat(gate.neededBytes()).isEqualTo(5_000_000_000L));
  }

  private void tell(Story story, RentalRef rental, AgentOrder order, boolean promised) {
    BerthBoxes boxes =
        new BerthBoxes(() -> berths, new SecretBook(dir), () -> Instant.EPOCH, promised);
    Effect.Tell tell = new Effect.Tell(rental, 1, order);
    assertThat(boxes.tell(story.state().spec().run(), 1, tell, story.state()))
        .isEqualTo(new Outcome.Done());
  }

  /// Takes every order, and keeps its papers.
  private static final class HeardBerths implements Berths {
    private final List<Papers> heard = new ArrayList<>();

    @Override
    public Outcome tell(Berth berth, long effect, AgentOrder order, Papers papers) {
      heard.add(papers);
      return new Outcome.Done();
    }

    @Override
    public Outcome prune(RunId run, long effect, PrunePermit permit) {
      return new Outcome.Done();
    }

    @Override
    public Outcome carryOut(Caller caller, long effect, Unit unit) {
      return new Outcome.Done();
    }

    @Override
    public boolean wantLog(Caller caller, int tail, Duration during) {
      return false;
    }

    @Override
    public boolean connected(Caller caller) {
      return true;
    }

    @Override
    public void cut(Caller caller, String why) {}
  }
}
