package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretBookTest {
  private static final RunId RUN = new RunId("demo");

  @TempDir Path dir;

  @Test
  void secrets_come_back_after_a_restart_and_are_the_owners_alone() throws IOException {
    Map<String, Secret> secrets = Map.of("A", new Secret("x=y\n z"), "B", new Secret("ü"));
    new SecretBook(dir).keep(RUN, secrets);

    assertThat(new SecretBook(dir).of(RUN, List.of("A", "B"))).isEqualTo(secrets);
    Path file = dir.resolve("secrets/demo");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void the_accounts_own_key_is_kept_for_no_job() {
    Secret key = new Secret("0123456789abcdef0123");
    SecretBook book = new SecretBook(dir, Optional.of(key));
    Map<String, Secret> secrets = Map.of("TOKEN", new Secret("Bearer " + key.reveal()));

    assertThatThrownBy(() -> book.keep(RUN, secrets))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TOKEN")
        .hasMessageNotContaining(key.reveal());
    assertThat(dir.resolve("secrets/demo")).doesNotExist();
  }

  @Test
  void secret_that_is_gone_is_said_by_name() {
    assertThatThrownBy(() -> new SecretBook(dir).of(RUN, List.of("TOKEN")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TOKEN")
        .hasMessageContaining("demo");
  }

  @Test
  void what_a_run_that_is_over_was_told_is_forgotten_once_no_box_of_it_is_left() throws Exception {
    SecretBook book = new SecretBook(dir);
    book.keep(Story.RUN, Map.of("A", new Secret("x")));
    book.keep(new RunId("unknown-yet"), Map.of("A", new Secret("x")));
    Story story = Story.begin().rented(Story.ONE);
    SecretSweep sweep =
        new SecretSweep(
            book, run -> run.equals(Story.RUN) ? Optional.of(story.state()) : Optional.empty());

    sweep.run();
    assertThat(book.runs()).hasSize(2);
    story.fact(new Fact.RunEnded(story.now(), Fact.Ending.DONE, "home"));
    sweep.run();
    assertThat(book.runs()).as("its box may start again").hasSize(2);
    story.saw(Story.ONE, Sight.Status.GONE, Sight.Wanted.STOPPED);
    sweep.run();
    assertThat(book.runs()).containsExactly(new RunId("unknown-yet"));
  }
}
