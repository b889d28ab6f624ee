package dev.salvor.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.JobEnd.Cause;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EndingTest {
  private static final List<String> NO_SPACE =
      List.of("OSError: [Errno 28] No space left on device");

  @Test
  void status_0_is_done_even_when_a_stop_was_ordered() {
    assertThat(new Ending(0, true, 1, true, NO_SPACE).cause()).isEqualTo(Cause.DONE);
  }

  @Test
  void ordered_stop_is_stopped() {
    assertThat(new Ending(143, true, 0, false, List.of()).cause()).isEqualTo(Cause.STOPPED);
    assertThat(new Ending(137, true, 1, false, List.of()).cause()).isEqualTo(Cause.STOPPED);
  }

  @Test
  void risen_oom_counter_is_oom() {
    assertThat(new Ending(137, false, 1, false, List.of()).cause()).isEqualTo(Cause.OOM);
    assertThat(new Ending(1, false, 1, false, List.of()).cause()).isEqualTo(Cause.OOM);
  }

  @Test
  void disk_full_needs_the_word_and_the_disk() {
    assertThat(new Ending(1, false, 0, true, NO_SPACE).cause()).isEqualTo(Cause.DISK_FULL);
    assertThat(new Ending(1, false, 0, false, NO_SPACE).cause()).isEqualTo(Cause.USER_ERROR);
    assertThat(new Ending(1, false, 0, true, List.of()).cause()).isEqualTo(Cause.USER_ERROR);
  }

  @Test
  void signal_that_was_not_ours_is_killed_and_the_rest_is_the_users() {
    assertThat(new Ending(137, false, 0, false, List.of()).cause()).isEqualTo(Cause.KILLED);
    assertThat(new Ending(139, false, 0, false, List.of()).cause()).isEqualTo(Cause.KILLED);
    assertThat(new Ending(255, false, 0, false, List.of()).cause()).isEqualTo(Cause.USER_ERROR);
    assertThat(new Ending(2, false, 0, false, List.of()).cause()).isEqualTo(Cause.USER_ERROR);
  }
}
