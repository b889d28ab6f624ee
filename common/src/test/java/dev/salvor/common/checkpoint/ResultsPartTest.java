package dev.salvor.common.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ResultsPartTest {
  @Test
  void a_whole_tree_is_its_first_and_last_part() {
    assertThat(new ResultsPart(1, true).format()).isEqualTo("files");
    assertThat(new ResultsPart(1, false).format()).isEqualTo("files-part-1");
    assertThat(new ResultsPart(3, true).format()).isEqualTo("files-last-part-3");
  }

  @Test
  void a_later_part_covers_its_own_number_and_a_last_one_all_behind_it() {
    assertThat(new ResultsPart(2, false).covers(new ResultsPart(2, true))).isTrue();
    assertThat(new ResultsPart(2, false).covers(new ResultsPart(3, true))).isFalse();
    assertThat(new ResultsPart(2, true).covers(new ResultsPart(7, true))).isTrue();
    assertThat(new ResultsPart(2, true).covers(new ResultsPart(1, false))).isFalse();
  }
}
