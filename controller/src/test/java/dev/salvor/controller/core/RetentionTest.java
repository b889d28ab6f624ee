package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RetentionTest {
  @Test
  void of_a_series_one_stays_at_least() {
    for (Object[] no : new Object[][] {{-1, "", 0L}, {1, "", -1L}, {0, "", 5L}, {0, "best*", 0L}}) {
      assertThatThrownBy(() -> new Retention((int) no[0], (String) no[1], (long) no[2]))
          .hasMessage("Of a series one stays at least, the newest");
    }
    assertThat(new Retention(0, "", 0)).isEqualTo(Retention.ALL);
    assertThat(Retention.ALL.all()).isTrue();
    assertThat(new Retention(1, "best*", 5).all()).isFalse();
  }

  @Test
  void on_a_box_alone_one_stays_at_least_too() {
    assertThatThrownBy(() -> new Retention(1, "", 0, -1)).hasMessageContaining("one stays");
    assertThatThrownBy(() -> new Retention(0, "", 5, 1)).hasMessageContaining("one stays");
    Retention box = new Retention(0, "best*", 0, 1);
    assertThat(box.all()).as("at home").isTrue();
    assertThat(box.boxWords()).isEqualTo("the newest 1 of each series, and those named best*");
    assertThat(new Retention(0, "", 0, 2).boxWords()).isEqualTo("the newest 2 of each series");
    assertThat(new Retention(3, "", 0).onBox()).isZero();
  }

  @Test
  void it_is_said_as_a_person_would_say_it() {
    assertThat(new Retention(2, "", 0).words())
        .isEqualTo("the newest 2 of each series; and results");
    assertThat(new Retention(2, "best*", 1000).words())
        .isEqualTo(
            "the newest 2 of each series, those named best*, one of every 1000 steps; and results");
  }

  @Test
  void what_its_trainer_calls_good_is_known_by_the_name_of_its_directory_or_of_a_file() {
    assertThat(marked("step-5")).as("the directory").isTrue();
    assertThat(marked("step-?")).isTrue();
    assertThat(marked("model-best.*")).as("a file").isTrue();
    assertThat(marked("*best*")).isTrue();
    assertThat(marked("best")).as("a part of a name").isFalse();
    assertThat(marked("model.best.pt")).as("a dash is no dot").isFalse();
    assertThat(marked("sub")).as("a directory below").isFalse();
    assertThat(marked("")).isFalse();
  }

  private static boolean marked(String best) {
    return new Retention(1, best, 0).marked(Story.checkpoint(ONE, 1, 1, 5, "sub/model-best.pt"));
  }
}
