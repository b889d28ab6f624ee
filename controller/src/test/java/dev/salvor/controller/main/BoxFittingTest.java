package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What may go through the platform's slow proxy: what is brought there and what is told to come
/// back count together.
class BoxFittingTest {
  private static final long MB = 1_000_000;

  @Test
  void a_gigabyte_both_ways_is_the_most() {
    assertThat(BoxFitting.tooSlow(600 * MB, 400 * MB)).isEmpty();
    assertThat(BoxFitting.tooSlow(600 * MB, 401 * MB))
        .hasValueSatisfying(why ->
            assertThat(why)
                .contains("600 MB are to go there", "401 MB to come back", "reach: proxy"));
    assertThat(BoxFitting.tooSlow(0, 1001 * MB)).isPresent();
    assertThat(BoxFitting.tooSlow(1001 * MB, 0))
        .hasValueSatisfying(
            why -> assertThat(why).contains("1001 MB", "--no-sync leaves them out"));
  }
}
