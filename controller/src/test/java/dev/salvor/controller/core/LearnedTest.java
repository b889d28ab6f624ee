package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a run learns by living, and that chance and repetition teach it nothing.
class LearnedTest {
  private static final Duration USUAL = Duration.ofMinutes(3);

  @Test
  void how_long_a_new_box_takes_is_learned_from_its_first_start_alone() {
    Story story = Story.begin().asked(ONE).after(Duration.ofSeconds(40));
    story.settle(new Outcome.Created(Story.instance(ONE)));
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING).joined(ONE, 1);
    assertThat(story.state().learned().comes(USUAL)).isEqualTo(USUAL);
    story.fact(new Fact.JobStarted(story.now(), ONE, 1));
    assertThat(story.state().learned().comes(USUAL)).isEqualTo(Duration.ofSeconds(40));
    assertThat(story.state().learned().workedSince()).isEqualTo(story.now());

    story.ended(ONE, 1, 137, "killed").after(Duration.ofHours(1));
    story.fact(new Fact.JobStarted(story.now(), ONE, 1, 2)).joined(ONE, 2);
    story.fact(new Fact.JobStarted(story.now(), ONE, 2));
    assertThat(story.state().learned().coming()).containsExactly(Duration.ofSeconds(40));
    assertThat(story.state().learned().workedSince()).isEqualTo(story.now());
  }

  @Test
  void what_is_usual_is_the_middle_of_the_last_nine() {
    Learned learned = Learned.NOTHING;
    for (int i = 1; i <= 10; i++) {
      learned = learned.came(Duration.ofSeconds(i)).carried(i).wrote(Duration.ofMinutes(i));
    }
    assertThat(learned.coming()).hasSize(9).startsWith(Duration.ofSeconds(2));
    assertThat(learned.comes(USUAL)).isEqualTo(Duration.ofSeconds(6));
    assertThat(learned.rate()).isEqualTo(6);
    assertThat(learned.write()).contains(Duration.ofMinutes(6));
    Learned mixed = Learned.NOTHING.carried(9).carried(1).carried(5);
    assertThat(mixed.rate()).isEqualTo(5);
    assertThat(Learned.NOTHING.rate()).isZero();
    assertThat(Learned.NOTHING.write()).isEmpty();
  }

  @Test
  void a_copy_that_is_large_enough_to_tell_shows_how_fast_the_line_is() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    Unit large = sized(1, 400_000_000);
    story.seen(ONE, large).intend(new Effect.CopyOut(ONE, large)).after(Duration.ofSeconds(20));
    story.settle(new Outcome.Landed(Story.receipt(large)));
    assertThat(story.state().learned().rates()).containsExactly(20_000_000L);

    Unit small = sized(2, 1_000);
    story.seen(ONE, small).intend(new Effect.CopyOut(ONE, small)).after(Duration.ofSeconds(20));
    story.settle(new Outcome.Landed(Story.receipt(small)));
    Unit atOnce = sized(3, 400_000_000);
    story.seen(ONE, atOnce).landed(ONE, atOnce);
    Unit failed = sized(4, 400_000_000);
    story.seen(ONE, failed).intend(new Effect.CopyOut(ONE, failed)).after(Duration.ofSeconds(9));
    story.settle(new Outcome.Failed("cut", true));
    assertThat(story.state().learned().rates()).containsExactly(20_000_000L);
  }

  @Test
  void what_a_checkpoint_takes_is_learned_from_the_first_answer_to_a_question() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(Duration.ofMinutes(1));
    story.seen(ONE, sized(1, 10));
    story.after(Duration.ofMinutes(1));
    story.intend(new Effect.Tell(ONE, 1, new AgentOrder.AskCheckpoint()));
    story.after(Duration.ofSeconds(30)).seen(ONE, results(ONE, 1, 2));
    assertThat(story.state().learned().writes()).isEmpty();
    Story answered = story.after(Duration.ofSeconds(12));
    answered.seen(ONE, sized(3, 10)).after(Duration.ofSeconds(5)).seen(ONE, sized(4, 10));
    assertThat(answered.state().learned().writes()).containsExactly(Duration.ofSeconds(42));
    story.after(Duration.ofMinutes(6)).seen(ONE, sized(5, 10));
    assertThat(answered.state().learned().writes()).hasSize(1);
  }

  @Test
  void only_a_box_whose_job_ran_counts_as_lost() {
    Story idle = Story.begin().rented(ONE).joined(ONE, 1).outbid(ONE);
    assertThat(idle.state().learned().losses()).isZero();
    Story busy = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    assertThat(busy.state().learned().losses()).isEqualTo(1);
  }

  private static Unit sized(long seq, long bytes) {
    Sha256 digest = Sha256.of(("u" + seq).getBytes(StandardCharsets.UTF_8));
    Manifest manifest =
        new Manifest("/work/step-" + seq, List.of(new FileEntry("model", bytes, digest)));
    Unit like = Story.checkpoint(ONE, 1, seq, seq * 100);
    return new Unit(
        new UnitId(1, 1, seq, manifest.digest()),
        like.kind(),
        like.format(),
        like.step(),
        like.completeness(),
        manifest,
        Story.BEGIN);
  }
}
