package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.view.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ExitTest {

  @Test
  void every_status_is_documented_as_it_is() throws IOException {
    String page = Files.readString(page());
    for (Exit exit : Exit.values()) {
      assertThat(page).contains("| %d | %s |".formatted(exit.code(), exit.meaning()));
    }
  }

  @Test
  void no_two_statuses_share_a_number() {
    assertThat(Arrays.stream(Exit.values()).mapToInt(Exit::code).distinct().count())
        .isEqualTo(Exit.values().length);
  }

  @Test
  void ends_of_runs_and_refusals_have_their_status() {
    assertThat(Exit.of(Phase.DONE)).isEqualTo(Exit.OK);
    assertThat(Exit.of(Phase.FAILED).code()).isEqualTo(5);
    assertThat(Exit.of(Phase.PARKED).code()).isEqualTo(6);
    assertThat(Exit.of(DeskException.Kind.REFUSED).code()).isEqualTo(3);
    assertThat(Exit.of(DeskException.Kind.NO_CONTROLLER).code()).isEqualTo(4);
    assertThat(Exit.of(DeskException.Kind.IN_USE).code()).isEqualTo(69);
  }

  @Test
  void a_foreign_status_is_told_as_a_signal() {
    assertThat(Exit.explain(69)).contains("port in use");
    assertThat(Exit.explain(137)).isEqualTo("ended by signal 9");
    assertThat(Exit.explain(42)).isEqualTo("no exit status of ours");
  }

  /// Tests run in the module's folder or in the root.
  private static Path page() {
    Path here = Path.of("docs/reference/cli.md");
    return Files.exists(here) ? here : Path.of("..").resolve(here);
  }
}
