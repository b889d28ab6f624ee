package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the demo says and leaves behind where the machine or the job does not play along.
class BadInputE2e {
  private static final int ENVIRONMENT = 69;
  private static final int JOB_FAILED = 5;

  @BeforeAll
  static void tools() {
    List.of("unshare", "mount").forEach(Needs::tool);
  }

  @Test
  void a_state_directory_that_is_a_file() throws Exception {
    try (Place place = Place.open()) {
      Files.writeString(place.state(), "precious");
      refusedByTheMachine(place.run("demo"), "is a file", "--state-dir");
      assertThat(place.state()).hasContent("precious");
      place.assertNothingLeft();
    }
  }

  /// Nobody may write there, root included.
  @Test
  void a_state_directory_that_cannot_be_written() throws Exception {
    try (Place place = Place.open()) {
      Files.createDirectory(place.state());
      Cli demo = place.startIn(mounted(place, "--bind -o ro /usr"), "demo");
      refusedByTheMachine(demo.ended(), "Cannot keep state in", "may not read and write it");
      place.assertNothingLeft();
    }
  }

  @Test
  void a_full_disk_under_the_state_directory() throws Exception {
    try (Place place = Place.open()) {
      Files.createDirectory(place.state());
      Cli demo = place.startIn(mounted(place, "-t tmpfs -o size=1m tmpfs"), "demo");
      refusedByTheMachine(demo.ended(), "No space left on device", "Make room");
      place.assertNothingLeft();
    }
  }

  @Test
  void a_port_in_use() throws Exception {
    try (Place place = Place.open();
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Cli.Ended demo = place.run("demo", "--listen", address);
      refusedByTheMachine(demo, "Cannot start the controller");
      assertThat(demo.err()).contains("Cannot listen on " + address, "choose another port");
      assertThat(place.market().has("create")).isFalse();
      place.assertNothingLeft();
    }
  }

  @Test
  void a_job_that_fails_at_once() throws Exception {
    try (Place place = Place.open()) {
      Cli.Ended demo = place.run("demo", "--job", "echo no such data; exit 3");
      assertThat(demo.code()).as(demo.err()).isEqualTo(JOB_FAILED);
      assertThat(demo.out()).contains("the job failed", "exit status 3");
      new Ending(place).rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  @Test
  void a_job_that_writes_no_checkpoint() throws Exception {
    try (Place place = Place.open()) {
      Cli.Ended demo = place.run("demo", "--job", "echo hi > /work/note; echo hi; sleep 1");
      assertThat(demo.code()).as(demo.err()).isZero();
      assertThat(demo.out()).contains("wrote no checkpoint that was recognised");
      assertThat(new Ending(place).stored()).singleElement().satisfies(BadInputE2e::isTheNote);
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  private static void isTheNote(Ending.Stored results) throws IOException {
    assertThat(results.checkpoint()).isFalse();
    assertThat(results.files()).singleElement().satisfies(f -> assertThat(f).hasContent("hi\n"));
  }

  private static void refusedByTheMachine(Cli.Ended demo, String... words) {
    assertThat(demo.code()).as(demo.out() + demo.err()).isEqualTo(ENVIRONMENT);
    assertThat(demo.complaint()).contains(words);
    assertThat(demo.err()).doesNotContain("\tat ");
  }

  /// Words before a command that give it, and nobody else, this mount as its state directory.
  private static List<String> mounted(Place place, String what) {
    String script = "mount " + what + " '" + place.state() + "' && exec \"$@\"";
    return List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh");
  }
}
