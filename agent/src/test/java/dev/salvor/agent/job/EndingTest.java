package dev.salvor.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Action.StopWhy;
import dev.salvor.agent.core.JobEnd.Cause;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EndingTest {
  private static final List<String> NO_SPACE =
      List.of("OSError: [Errno 28] No space left on device");

  @Test
  void status_0_is_done_even_when_a_stop_was_ordered() {
    assertThat(ending(0, true, 1, true, NO_SPACE).cause()).isEqualTo(Cause.DONE);
  }

  @Test
  void ordered_stop_is_stopped() {
    assertThat(ending(143, true, 0, false, List.of()).cause()).isEqualTo(Cause.STOPPED);
    assertThat(ending(137, true, 1, false, List.of()).cause()).isEqualTo(Cause.STOPPED);
  }

  @Test
  void risen_oom_counter_is_oom() {
    assertThat(ending(137, false, 1, false, List.of()).cause()).isEqualTo(Cause.OOM);
    assertThat(ending(1, false, 1, false, List.of()).cause()).isEqualTo(Cause.OOM);
  }

  @Test
  void disk_full_needs_the_word_and_the_disk() {
    assertThat(ending(1, false, 0, true, NO_SPACE).cause()).isEqualTo(Cause.DISK_FULL);
    assertThat(ending(1, false, 0, false, NO_SPACE).cause()).isEqualTo(Cause.USER_ERROR);
    assertThat(ending(1, false, 0, true, List.of()).cause()).isEqualTo(Cause.USER_ERROR);
  }

  @Test
  void signal_that_was_not_ours_is_killed_and_the_rest_is_the_users() {
    assertThat(ending(137, false, 0, false, List.of()).cause()).isEqualTo(Cause.KILLED);
    assertThat(ending(139, false, 0, false, List.of()).cause()).isEqualTo(Cause.KILLED);
    assertThat(ending(255, false, 0, false, List.of()).cause()).isEqualTo(Cause.USER_ERROR);
    assertThat(ending(2, false, 0, false, List.of()).cause()).isEqualTo(Cause.USER_ERROR);
  }

  @Test
  void gpu_trouble_is_known_by_its_words() {
    assertThat(said("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB"))
        .isEqualTo(Cause.GPU_MEMORY);
    assertThat(said("RuntimeError: CUDA error: an illegal memory access was encountered"))
        .isEqualTo(Cause.CUDA_ERROR);
    assertThat(said("NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus."))
        .isEqualTo(Cause.GPU_LOST);
    assertThat(said("NVRM: Xid (PCI:0000:01:00): 13, Graphics Exception"))
        .isEqualTo(Cause.USER_ERROR);
    assertThat(said("ValueError: cuda is spelt wrong")).isEqualTo(Cause.USER_ERROR);
  }

  @Test
  void reasons_of_a_stop_and_failed_preparation_have_their_names() {
    assertThat(new Ending(143, Optional.of(StopWhy.FENCED), 0, false, false, List.of()).cause())
        .isEqualTo(Cause.FENCED);
    assertThat(new Ending(137, Optional.of(StopWhy.HUNG), 1, false, false, List.of()).cause())
        .isEqualTo(Cause.HUNG);
    assertThat(new Ending(1, Optional.empty(), 0, false, true, List.of()).cause())
        .isEqualTo(Cause.SETUP_FAILED);
  }

  private static Cause said(String line) {
    return ending(1, false, 0, false, List.of(line)).cause();
  }

  private static Ending ending(
      int exit, boolean stopped, long oomKills, boolean diskFull, List<String> tail) {
    Optional<StopWhy> why = stopped ? Optional.of(StopWhy.ORDERED) : Optional.empty();
    return new Ending(exit, why, oomKills, diskFull, false, tail);
  }
}
