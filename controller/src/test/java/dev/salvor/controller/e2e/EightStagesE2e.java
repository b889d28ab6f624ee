package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Tasks from a file, on a box that has nothing but what is brought to it over real ssh: search,
/// create, wait for running, wait for a login, sync, run, pull, destroy.
class EightStagesE2e {
  private static final String TASKS =
      """
      # what is here?

      pwd; cat hello.txt; cat deep/data.txt; ls ignored.log .git 2>/dev/null; echo "listed $?"

      for i in 1 2 3 4; do echo tick $i; sleep 1; done
         # this one fails, and the next has its turn
      echo "about to fail" >&2; exit 7
      runner: env GREETING='hello box'
      head -c 300000 /dev/urandom >/work/blob; sha256sum </work/blob
      bash -c 'mkdir -p /work/deep; echo "$GREETING" >/work/deep/greeting'
      """;

  @BeforeAll
  static void tools() {
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env").forEach(Needs::tool);
  }

  @Test
  void tasks_run_on_a_bare_box_and_their_results_come_home() throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      project(bazaar.project());
      Cli run = bazaar.run(TASKS);
      run.until("the second task prints", () -> run.said().contains("tick 1"));
      // Line by line, while it runs.
      assertThat(run.said()).doesNotContain("tick 4");
      place.noteListeners();
      Cli.Ended ended = run.ended();
      assertThat(ended.code()).as(ended.err()).isEqualTo(5);
      String blob = Witness.sha256(bazaar.results().resolve("blob"));
      assertThat(ended.out())
          .isEqualTo(
              """
              /app
              hello from here
              deep data
              listed 2
              tick 1
              tick 2
              tick 3
              tick 4
              about to fail
              %s  -
              """
                  .formatted(blob));
      told(ended.err());
      assertThat(bazaar.results().resolve("deep/greeting")).hasContent("hello box");
      bazaar.shut();
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  private static void told(String err) {
    assertThat(err)
        .contains("[1/8]", "[3/8]", "[5/8]", "[6/8]")
        .contains("task failed with exit status 7, the rest go on: echo")
        .contains("task 3 of 5 failed")
        .contains("work_remote/demo: 2 files", "every byte verified")
        .contains("spent     $0.")
        .contains("nothing of this run is rented any more");
  }

  private static void project(Path project) throws Exception {
    Files.writeString(project.resolve("hello.txt"), "hello from here\n");
    Files.createDirectories(project.resolve("deep"));
    Files.writeString(project.resolve("deep/data.txt"), "deep data\n");
    Files.writeString(project.resolve(".gitignore"), "# logs\n*.log\n");
    Files.writeString(project.resolve("ignored.log"), "not for the box\n");
    Files.createDirectories(project.resolve(".git"));
    Files.writeString(project.resolve(".git/config"), "nor this\n");
  }
}
