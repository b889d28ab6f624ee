package dev.salvor.common.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinePatternTest {
  @Test
  void it_is_found_anywhere_in_a_line() {
    LinePattern pattern = LinePattern.of("NCCL error|CUDA error: device-side assert");
    assertThat(pattern.isIn("[rank3]: NCCL error in: ProcessGroupNCCL.cpp:1970")).isTrue();
    assertThat(pattern.isIn("RuntimeError: CUDA error: device-side assert triggered")).isTrue();
    assertThat(pattern.isIn("CUDA error: out of memory")).isFalse();
    assertThat(LinePattern.of("(?i)loss[ =:]+nan\\b").isIn("step 7 Loss: NaN")).isTrue();
  }

  @Test
  void no_pattern_goes_back_over_its_line_again_and_again() {
    String line = "a".repeat(500) + "!";
    org.junit.jupiter.api.Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          assertThat(LinePattern.of("(a+)+$").isIn(line)).isFalse();
          assertThat(LinePattern.of("(a|a)*b").isIn(line)).isFalse();
          assertThat(LinePattern.of("(.*)(.*)(.*)(.*)(.*)[^!ab]$").isIn(line)).isFalse();
        });
  }

  @Test
  void what_would_fill_a_memory_is_refused_before_it_does() {
    assertRefused("((((a{100}){100}){100}){100})", "group cannot be counted");
    assertRefused("(".repeat(10) + "a?" + "){9}".repeat(10), "group cannot be counted");
    assertRefused("a{1000}b{1000}c{1000}", "steps at most");
    assertRefused("a{2}{3}", "");
    assertRefused("x".repeat(501), "500 characters");
    assertThat(LinePattern.of("\\){3}|[)]{3}").isIn("f(g(h(1)))")).isTrue();
  }

  @Test
  void what_is_no_pattern_is_refused_in_words() {
    assertRefused("rank [", "missing closing ]");
    assertRefused("(?=x)a", "look-around");
    assertRefused("(a)\\1", "back references");
    assertRefused(" ", "every line");
    assertRefused("x*", "every line");
  }

  private static void assertRefused(String pattern, String why) {
    assertThatThrownBy(() -> LinePattern.of(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
