package dev.salvor.controller.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class LiveTest {

  @Test
  void beats_that_say_nothing_new_add_no_line_and_no_loss() {
    Live live = beat(beat(Live.NONE, 10, "step 10"), 10, "step 10");
    assertThat(live.lines()).containsExactly("step 10");
    assertThat(live.losses()).hasSize(1);
  }

  @Test
  void everything_is_bounded_and_lines_keep_their_numbers() {
    Live live = Live.NONE;
    for (int i = 0; i < Live.MAX_LINES + 10; i++) {
      live = beat(live, i, "line " + i);
    }
    assertThat(live.lines()).hasSize(Live.MAX_LINES);
    assertThat(live.losses()).hasSize(Live.MAX_LOSSES);
    assertThat(live.firstLine()).isEqualTo(10);
    assertThat(live.lines().getFirst()).isEqualTo("line 10");
  }

  @Test
  void a_line_of_a_stranger_is_cut() {
    assertThat(beat(Live.NONE, 1, "x".repeat(10_000)).lines().getFirst())
        .hasSize(Live.MAX_LINE_CHARS);
  }

  @Test
  void a_tail_goes_on_where_it_ended() {
    Story story = Story.asked("demo");
    story.beat(Story.FIRST, 1, 3, "one").beat(Story.FIRST, 2, 3, "two");
    LogView tail = LogView.tail(story.snapshot(), 1);
    assertThat(tail.lines()).containsExactly("two");
    story.beat(Story.FIRST, 3, 3, "three");
    LogView more = LogView.since(story.snapshot(), tail.next());
    assertThat(more.lines()).containsExactly("three");
    assertThat(LogView.since(story.snapshot(), more.next()).lines()).isEmpty();
  }

  @Test
  void lines_of_the_log_itself_take_the_place_of_what_beats_brought() {
    Live live = beat(Live.NONE, 1, "step 1").remark("gpu is absent");
    live = live.plus(piece(7, 0, Story.START, "a", "b", "c"));
    assertThat(live.lines()).containsExactly("salvor: gpu is absent", "a", "b", "c");
    // Told again by one look that overlaps another, and by a beat in between.
    live = beat(live, 2, "c").plus(piece(7, 2, Story.START.plusSeconds(5), "c", "d"));
    assertThat(live.lines()).containsExactly("salvor: gpu is absent", "a", "b", "c", "d");
    long next = live.firstLine() + live.lines().size();
    live = live.plus(piece(8, 0, Story.START.plusSeconds(6), "x"));
    assertThat(live.lines()).containsExactly("salvor: gpu is absent", "x");
    assertThat(live.firstLine() + live.lines().size()).isGreaterThanOrEqualTo(next - 3);
  }

  @Test
  void lines_that_came_too_fast_are_told_of_and_nothing_is_told_twice() {
    Live live = Live.NONE.plus(piece(7, 0, Story.START, "a", "b"));
    live = live.plus(piece(7, 5, Story.START.plusSeconds(1), "f", "g"));
    assertThat(live.lines())
        .containsExactly("a", "b", "[3 lines came too fast to be shown here]", "f", "g");
    live = live.plus(piece(7, 6, Story.START.plusSeconds(2), "g", "h"));
    assertThat(live.lines()).endsWith("f", "g", "h");
  }

  @Test
  void the_log_of_a_box_that_has_printed_nothing_yet_takes_the_place_of_nothing() {
    Live live = beat(Live.NONE, 3, "step 3 loss=2.0").plus(piece(8, 0, Story.START));
    assertThat(live.lines()).containsExactly("step 3 loss=2.0");
    live = live.plus(piece(8, 0, Story.START, "step 4"));
    assertThat(live.lines()).containsExactly("step 3 loss=2.0", "step 4");
  }

  private static Live.Piece piece(long source, long first, Instant at, String... lines) {
    return new Live.Piece(source, first, List.of(lines), at);
  }

  private static Live beat(Live live, long step, String line) {
    return live.plus(
        new Live.Beat(Story.FIRST, Story.START, step, 100, OptionalDouble.of(2.0), true, line));
  }
}
