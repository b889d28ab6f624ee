package dev.salvor.controller.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EndWordsTest {
  @Test
  void each_cause_that_a_box_names_has_its_meaning() {
    Map<String, String> meanings =
        Map.of(
            "oom", "the kernel killed something of it for memory",
            "disk-full", "its disk has no room left, in bytes or in inodes",
            "gpu-memory", "it asked for more of the GPU's memory than there is",
            "cuda-error", "CUDA gave up on it",
            "gpu-lost", "the GPU itself failed",
            "setup-failed", "a command that prepares the box failed, and the job never began",
            "stopped", "it was told to stop",
            "fenced", "it was stopped, since a newer generation of the run is current",
            "hung", "it was stopped, since it no longer moved");
    meanings.forEach((cause, meaning) ->
        assertThat(EndWords.what(1, cause)).isEqualTo("exit status 1 (" + cause + "): " + meaning));
    assertThat(EndWords.what(3, "user-error")).isEqualTo("exit status 3 (user-error)");
    assertThat(EndWords.what(3, "of a newer box")).isEqualTo("exit status 3 (of a newer box)");
  }

  @Test
  void a_signal_is_named_where_it_has_a_name() {
    Map<Integer, String> signals =
        Map.of(129, "SIGHUP", 135, "SIGBUS", 137, "SIGKILL", 139, "SIGSEGV", 143, "SIGTERM");
    signals.forEach(
        (exit, name) -> assertThat(EndWords.what(exit, "killed")).endsWith(": ended by " + name));
    for (int exit : new int[] {128, 144, 0}) {
      assertThat(EndWords.what(exit, "killed")).endsWith(": ended by a signal");
    }
  }

  @Test
  void what_to_do_is_said_where_something_can_be_done() {
    assertThat(EndWords.next(1, "oom")).contains("more memory");
    assertThat(EndWords.next(1, "disk-full")).contains("Rent more disk");
    assertThat(EndWords.next(1, "gpu-memory")).contains("smaller batch");
    assertThat(EndWords.next(1, "cuda-error")).contains("CUDA_LAUNCH_BLOCKING=1");
    assertThat(EndWords.next(1, "gpu-lost")).contains("another machine");
    assertThat(EndWords.next(1, "setup-failed")).contains("Mend the command");
    assertThat(EndWords.next(135, "killed")).contains("/dev/shm");
    assertThat(EndWords.next(137, "killed")).isEmpty();
    assertThat(EndWords.next(1, "user-error")).isEmpty();
  }
}
