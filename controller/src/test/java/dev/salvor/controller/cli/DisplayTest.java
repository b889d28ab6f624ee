package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.RunViews;
import dev.salvor.controller.view.Story;
import dev.salvor.controller.view.SummaryView;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DisplayTest {

  @Test
  void a_training_run_on_a_plain_canvas() {
    Story story = Story.training("demo").after(4);
    story.beat(Story.FIRST, 430, 2.0, "step 430").beat(Story.FIRST, 450, 2.125, "step 450");
    assertThat(String.join("\n", live(story, new Canvas(100, 16, false, true))))
        .isEqualTo(
            """
            run demo · training                                                                              12s

            box       instance 7001 · $0.1200/h · running, alive · 1x RTX 4090 · Quebec, CA
            step      █████████░░░░░░░░░░░░░░░░░░░░░  450/1500  30 %
            loss      █▁▅  2.1250
            frontier  step 300 is home and verified, 1 of 2 units home
            exposure  150 steps, 8s of work, 1.2 MB of files would be lost if the box died now
            money     $0.0004 spent, $0.1200/h now · saved $0.0009 on price, $0.0000 of work

              12:00:02 box      rental 1.1 is alive
              12:00:02 job      job runs on rental 1.1, boot 1
              12:00:04 cargo    checkpoint at step 300 is complete on the box, 1.2 MB
              12:00:05 cargo    checkpoint at step 300 is home and verified
              12:00:08 cargo    checkpoint at step 400 is complete on the box, 1.2 MB
            Ctrl-C\
            """);
  }

  @Test
  void no_line_is_wider_than_the_canvas_and_no_frame_higher() {
    Story story = Story.training("demo");
    for (int i = 0; i < 20; i++) {
      story.decided("a decision with many words ".repeat(10), "for many reasons ".repeat(10));
    }
    story.beat(Story.FIRST, 413, 2.0, "x".repeat(500));
    for (int width : new int[] {40, 79, 120}) {
      for (int height : new int[] {12, 24, 50}) {
        List<String> lines = live(story, new Canvas(width, height, false, true));
        assertThat(lines.size()).isLessThan(height);
        assertThat(lines).allMatch(line -> line.length() <= width, width + " columns");
      }
    }
  }

  @Test
  void frames_of_one_canvas_are_equally_high_whatever_happens() {
    Canvas canvas = new Canvas(80, 24, false, true);
    Story story = Story.asked("demo");
    int height = live(story, canvas).size();
    story.rents(Story.FIRST, 7001).joins(Story.FIRST, 1).lost(Story.FIRST);
    assertThat(live(story, canvas)).hasSize(height);
    story.ends(Fact.Ending.PARKED, "no offers");
    assertThat(live(story, canvas)).hasSize(height);
  }

  @Test
  void a_terminal_without_block_characters_gets_ascii() {
    String frame =
        String.join("\n", live(Story.training("demo"), new Canvas(80, 24, false, false)));
    assertThat(frame).contains("########......").doesNotContain("█");
  }

  @Test
  void colours_come_only_where_they_are_wanted() {
    Story story = Story.training("demo");
    assertThat(String.join("", live(story, new Canvas(80, 24, true, true)))).contains("\u001b[");
    assertThat(String.join("", live(story, new Canvas(80, 24, false, true))))
        .doesNotContain("\u001b");
    Wiring none =
        new Wiring(
            o -> 0,
            o -> 0,
            d -> {
              throw new IllegalStateException();
            },
            Terminal.NO_MARKET,
            (o, told) -> List.of(),
            (place, run, step, to) -> Optional.empty(),
            Terminal.NO_RECEIPTS,
            Terminal.NO_SPECS);
    Path home = Path.of("/nowhere");
    Map<String, String> xterm = Map.of("TERM", "xterm");
    assertThat(new Terminal(home, true, xterm, none).session().ansi()).isTrue();
    assertThat(new Terminal(home, false, xterm, none).session().ansi()).isFalse();
    assertThat(new Terminal(home, true, Map.of("TERM", "dumb"), none).session().ansi()).isFalse();
    Session noColour =
        new Terminal(home, true, Map.of("TERM", "xterm", "NO_COLOR", "1"), none).session();
    assertThat(noColour.ansi()).isFalse();
    assertThat(noColour.redraws()).isTrue();
  }

  @Test
  void in_a_pipe_each_event_is_one_line_once_and_a_status_comes_now_and_then() {
    Story story = Story.training("demo");
    PlainDisplay display = new PlainDisplay();
    List<String> first = display.more(view(story));
    assertThat(first.getFirst())
        .isEqualTo("2026-11-21T12:00:00Z  user      asked for: java CharLm.java");
    assertThat(first.getLast())
        .isEqualTo(
            "2026-11-21T12:00:08Z  status    training; step 412 of 1500, loss 2.2500; frontier:"
                + " step 300 is home and verified, 1 of 2 units home; exposure: 112 steps, 4s of"
                + " work, 1.2 MB of files would be lost if the box died now; $0.0002 spent");
    assertThat(display.more(view(story.after(4)))).isEmpty();
    assertThat(display.more(view(story.after(1)))).singleElement().asString().contains("  status");
    story.lost(Story.FIRST);
    assertThat(display.more(view(story))).hasSize(2).noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void a_job_that_names_no_step_is_shown_by_its_last_line() {
    Story story = Story.asked("demo").rents(Story.FIRST, 7001).joins(Story.FIRST, 1);
    assertThat(live(story, Canvas.USUAL))
        .contains("step      the job has named no step yet", "loss      none named yet");
  }

  @Test
  void a_summary_tells_the_story_from_its_end() {
    Story story = Story.training("demo").lost(Story.FIRST).after(5);
    story.goes().ends(Fact.Ending.PARKED, "no offers fit");
    List<String> lines =
        SummaryText.of(SummaryView.of(story.snapshot(), story.now()), ZoneOffset.UTC);
    assertThat(lines.getFirst()).isEqualTo("What happened");
    assertThat(lines)
        .contains(
            "run demo: parked: a person must act, after 13s (no offers fit)",
            "lost box  rental 1.1 at step 412: outbid by another; the job has not gone on since")
        .anyMatch(line -> line.startsWith("home      checkpoint at step 300, 1.2 MB, in "));
  }

  private static List<String> live(Story story, Canvas canvas) {
    return new ArrayList<>(LiveDisplay.render(view(story), "Ctrl-C", canvas, ZoneOffset.UTC));
  }

  private static RunView view(Story story) {
    return RunViews.of(story.snapshot(), story.now());
  }
}
