package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PlatformLogTest {
  @Test
  void of_a_log_that_is_fetched_anew_only_what_came_is_fresh() {
    assertThat(fresh("a b c", "a b c d e")).isEqualTo("d e");
    assertThat(fresh("a b c", "b c d")).isEqualTo("d");
    assertThat(fresh("a b c", "a b c")).isEmpty();
    assertThat(fresh("", "a")).isEqualTo("a");
    assertThat(fresh("a b", "x y")).isEqualTo("x y");
    // The same line again and again: what may be old counts as old.
    assertThat(fresh("a a a", "a a a a")).isEqualTo("a");
  }

  private static String fresh(String before, String now) {
    return String.join(" ", PlatformLog.fresh(words(before), words(now)));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }
}
