package dev.salvor.controller.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec: \"bash -c \\\"cd /workspace && ./run.sh\\\"\": stat bash -c \"cd /workspace &&"
            + " ./run.sh\": no such file or directory",
        "Error response from daemon: failed to create task for container: failed to create shim"
            + " task: OCI runtime create failed: runc create failed: unable to start container"
            + " process: exec: \"bash -c 'git clone x && bash y'\": stat bash -c 'git clone x &&"
            + " bash y': no such file or directory: unknown",
        "exec: \"bash -c true\": executable file not found in $PATH: unknown",
      })
  void a_command_line_in_the_place_of_a_program_is_recognised(String words) {
    assertThat(StatusWords.meaning(words))
        .get()
        .asString()
        .contains("looked for a file of the name \"bash -c")
        .contains("give the command as args");
  }

  @Test
  void a_program_that_is_not_in_the_image_is_named() {
    assertThat(StatusWords.meaning("exec: \"/run.sh\": stat /run.sh: no such file or directory"))
        .get()
        .asString()
        .contains("the image has no program /run.sh");
    assertThat(StatusWords.meaning("exec: \"trian\": executable file not found in $PATH"))
        .get()
        .asString()
        .contains("no program trian");
  }

  @Test
  void an_image_that_nobody_can_pull_is_named() {
    assertThat(StatusWords.meaning("pull access denied for me/x, repository does not exist"))
        .get()
        .asString()
        .contains("GHCR_TOKEN");
    assertThat(StatusWords.meaning("manifest for a/b:c not found: manifest unknown")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "success, running a/b", "container exited", "image is loading"})
  void other_words_mean_what_they_say(String words) {
    assertThat(StatusWords.meaning(words)).isEmpty();
  }
}
