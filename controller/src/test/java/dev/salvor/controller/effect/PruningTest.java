package dev.salvor.controller.effect;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.Prunings;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.core.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// An order to remove a checkpoint leaves only by its permit, while its copy is whole, and while
/// nothing that happened since speaks against it.
class PruningTest {
  private static final Unit OLD = Story.checkpoint(ONE, 1, 1, 100);
  private static final Unit NEW = Story.checkpoint(ONE, 1, 2, 200);

  private final Shelf home = new Shelf();
  private final Line boxes = new Line();
  private final Story story = asked();
  private final long order = story.state().nextEffect() - 1;
  private Optional<RunState> newest = Optional.of(story.state());

  private static Story asked() {
    Story story = crowded();
    return story.intend(new Effect.Prune(terms(story)));
  }

  private static Story crowded() {
    Story story = Story.keeping(new Retention(0, "", 0, 1)).safe(ONE, OLD).safe(ONE, NEW);
    return story.fact(new Fact.RoomShort(story.now(), ONE, 1, "/work", "bytes"));
  }

  private static PrunePermit.Terms terms(Story story) {
    var ruling = Prunings.rule(story.state(), ONE, OLD.id(), story.now());
    return ((Prunings.Ruling.Granted) ruling).terms();
  }

  private Optional<Outcome> run(RunState state) {
    return new Pruning(boxes, home, run -> newest, story::now)
        .run(Story.RUN, order, new Effect.Prune(terms(crowded())), state);
  }

  private void refused(RunState state, String why) {
    assertThat(run(state))
        .get()
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.why()).contains(why);
              assertThat(failed.retryable()).isTrue();
            });
    assertThat(boxes.sent).isEmpty();
  }

  @Test
  void it_leaves_by_its_permit_and_the_box_says_what_came_of_it() {
    assertThat(run(story.state())).isEmpty();
    assertThat(boxes.sent)
        .singleElement()
        .satisfies(permit -> assertThat(permit.terms()).isEqualTo(terms(crowded())));
    assertThat(home.looked).containsExactly(OLD);
  }

  @Test
  void a_box_that_cannot_be_told_is_a_failure() {
    boxes.answer = new Outcome.Failed("not connected", true);
    assertThat(run(story.state())).contains(boxes.answer);
  }

  @Test
  void without_a_permit_nothing_leaves() {
    refused(crowded().state(), "no permit was granted");
    assertThat(home.looked).isEmpty();
  }

  @Test
  void a_copy_that_is_not_whole_keeps_it_on_the_box() {
    home.whole = false;
    refused(story.state(), "does not hold " + OLD.id() + " whole");
  }

  @Test
  void it_is_asked_for_again_in_the_newest_state() {
    RunState then = story.state();
    newest = Optional.empty();
    refused(then, "could not be checked again");
    newest = Optional.of(crowded().state());
    refused(then, "could not be checked again");
    newest = Optional.of(asked().verdict(ONE, new Verdict.Suspect("silent")).state());
    refused(then, "no longer holds: the verdict on rental 1.1");
    newest = Optional.of(then);
    story.after(Duration.ofMinutes(10));
    refused(then, "no longer holds: the permit expired");
  }

  /// Where copies are kept.
  private static final class Shelf implements Home {
    private final List<Unit> looked = new ArrayList<>();
    private boolean whole = true;

    @Override
    public boolean stillThere(RunId run, Unit unit) {
      looked.add(unit);
      return whole;
    }

    @Override
    public Outcome withdraw(RunId run, UnitPermit permit) {
      throw new AssertionError("nothing is taken from home: " + permit);
    }

    @Override
    public Outcome land(
        RunId run, RentalRef rental, Unit unit, Path fetched, boolean structureOnly) {
      throw new AssertionError("nothing lands: " + unit);
    }
  }

  /// The way to the boxes.
  private static final class Line implements Boxes {
    private final List<PrunePermit> sent = new ArrayList<>();
    private Outcome answer = new Outcome.Done();

    @Override
    public Outcome tell(RunId run, long id, Effect.Tell tell, RunState state) {
      throw new AssertionError("told otherwise: " + tell);
    }

    @Override
    public Outcome prune(RunId run, long id, PrunePermit permit) {
      sent.add(permit);
      return answer;
    }

    @Override
    public Outcome carryOut(RunId run, RentalRef rental, long id, Unit unit) {
      throw new AssertionError("nothing is copied: " + unit);
    }
  }
}
