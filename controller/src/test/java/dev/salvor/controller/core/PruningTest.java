package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is remembered of removals from a box, and what a box's word about them changes.
class PruningTest {
  private static final Unit OLD = checkpoint(ONE, 1, 1, 100);
  private static final Unit MID = checkpoint(ONE, 1, 2, 200);
  private static final Unit NEW = checkpoint(ONE, 1, 3, 300);

  private static Story asked() {
    Story story = Story.keeping(new Retention(0, "", 0, 1));
    story.safe(ONE, OLD).safe(ONE, MID).safe(ONE, NEW);
    story.fact(new Fact.RoomShort(story.now(), ONE, 1, "/work", "bytes"));
    return story.intend(new Effect.Prune(terms(story)));
  }

  private static PrunePermit.Terms terms(Story story) {
    var ruling = Prunings.rule(story.state(), ONE, OLD.id(), story.now());
    return ((Prunings.Ruling.Granted) ruling).terms();
  }

  private static Pruning pruning(Story story) {
    return story.state().cargo().pruning();
  }

  @Test
  void the_boxs_word_ends_the_effect_and_the_permit_and_is_remembered() {
    Story story = asked();
    assertThat(pruning(story).asked()).containsExactly(OLD.id());
    story.fact(new Fact.Pruned(story.now(), ONE, OLD.id()));
    assertThat(story.state().isOpen(Effect.Prune.class)).isFalse();
    assertThat(pruning(story).permits()).isEmpty();
    assertThat(pruning(story).gone()).containsExactly(OLD.id());
    assertThat(pruning(story).asked()).isEmpty();
    assertThat(pruning(story).notBefore()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void only_the_order_that_is_meant_is_ended() {
    Story story = asked().intend(new Effect.Search());
    story.fact(new Fact.Pruned(story.now(), ONE, MID.id()));
    assertThat(story.state().isOpen(Effect.Prune.class)).isTrue();
    assertThat(pruning(story).permits()).hasSize(1);
    assertThat(pruning(story).gone()).as("unasked").containsExactly(MID.id());
    story.fact(new Fact.Pruned(story.now(), ONE, OLD.id()));
    assertThat(story.state().isOpen(Effect.Prune.class)).isFalse();
    assertThat(story.state().isOpen(Effect.Search.class)).isTrue();
  }

  @Test
  void another_boxs_word_and_one_about_what_nobody_knows_change_nothing() {
    Story story = asked();
    RunState before = story.state();
    story.fact(new Fact.Pruned(story.now(), TWO, OLD.id()));
    story.fact(new Fact.Pruned(story.now(), ONE, checkpoint(ONE, 1, 9, 900).id()));
    story.fact(new Fact.RoomShort(story.now(), TWO, 1, "/work", "bytes"));
    assertThat(story.state()).isEqualTo(before);
  }

  @Test
  void an_order_that_came_back_undone_is_counted_and_rests() {
    Story story = asked();
    long order = story.state().nextEffect() - 1;
    story.fact(new Fact.OrderFailed(story.now(), ONE, order, "a process has it open"));
    assertThat(story.state().isOpen(Effect.Prune.class)).isFalse();
    assertThat(pruning(story).permits()).isEmpty();
    assertThat(pruning(story).gone()).isEmpty();
    assertThat(pruning(story).asked()).containsExactly(OLD.id());
    assertThat(pruning(story).notBefore()).isEqualTo(story.now().plusSeconds(30));
    story.fact(new Fact.Pruned(story.now(), ONE, OLD.id()));
    assertThat(pruning(story).asked()).as("late, and done").isEmpty();
    assertThat(pruning(story).gone()).containsExactly(OLD.id());
  }

  @Test
  void rests_double_with_failures_in_a_row_to_half_an_hour_and_are_over_with_a_success() {
    Pruning pruning = Pruning.NOTHING;
    for (int times : List.of(1, 2, 4, 8, 16, 32, 64, 64)) {
      pruning = pruning.failed(OLD.id(), Story.BEGIN);
      assertThat(Duration.between(Story.BEGIN, pruning.notBefore()))
          .isEqualTo(Duration.ofSeconds(30L * times));
    }
    Pruning done = pruning.without(List.of(MID.id()));
    assertThat(done.notBefore()).isEqualTo(Instant.EPOCH);
    assertThat(done.inARow()).isZero();
    assertThat(done.asked()).containsExactly(OLD.id());
    assertThat(done.failed(MID.id(), Story.BEGIN).notBefore())
        .isEqualTo(Story.BEGIN.plusSeconds(30));
  }

  @Test
  void a_unit_is_left_after_three_tries_of_its_own() {
    Pruning pruning = Pruning.NOTHING.failed(OLD.id(), Story.BEGIN).failed(OLD.id(), Story.BEGIN);
    pruning = pruning.failed(MID.id(), Story.BEGIN);
    assertThat(pruning.left(OLD.id())).isFalse();
    pruning = pruning.failed(OLD.id(), Story.BEGIN);
    assertThat(pruning.left(OLD.id())).isTrue();
    assertThat(pruning.left(MID.id())).isFalse();
    assertThat(pruning.without(List.of(OLD.id())).left(OLD.id())).isFalse();
  }

  @Test
  void permits_for_the_same_terms_are_the_same_and_something_stays() {
    PrunePermit.Terms terms = terms(1, NEW.id());
    PrunePermit permit = new PrunePermit(terms);
    assertThat(permit).isEqualTo(new PrunePermit(terms(1, NEW.id()))).hasSameHashCodeAs(terms);
    assertThat(permit).isNotEqualTo(new PrunePermit(terms(2, NEW.id())));
    assertThat(permit).isNotEqualTo(new PrunePermit(terms(1, MID.id())));
    assertThat(permit.equals((Object) terms)).isFalse();
    assertThat(permit)
        .hasToString(
            "permit for unit %s on rental 1.1, boot 1, while [%s] stay"
                .formatted(OLD.id(), NEW.id()));
    assertThatThrownBy(() -> new PrunePermit.Terms(ONE, 1, OLD.id(), List.of(), Story.BEGIN))
        .hasMessageContaining("in the place of " + OLD.id());
  }

  private static PrunePermit.Terms terms(int boot, UnitId stays) {
    return new PrunePermit.Terms(ONE, boot, OLD.id(), List.of(stays), Story.BEGIN);
  }
}
