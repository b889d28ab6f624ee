package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.desk.Desk;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.FakeBridge;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.view.Story;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CliTest {
  @TempDir Path temp;
  private final FakeBridge bridge = new FakeBridge();
  private final List<Object> started = new ArrayList<>();
  private Desk.Claim claim;
  private Desk desk;
  private Terminal terminal;

  @BeforeEach
  void open() throws DeskException {
    Wiring wiring =
        new Wiring(
            options -> {
              started.add(options);
              return 69;
            },
            options -> {
              started.add(options);
              return 0;
            },
            dir -> bridge,
            Terminal.NO_MARKET,
            (options, told) -> {
              started.add(options);
              told.accept("measuring");
              return List.of(
                  new BenchRow("jar", 11.3, "MB", 1, Optional.empty()),
                  new BenchRow(
                      "rss", 76.0, "MB", 5, Optional.of(new BenchRow.Peer("node_exporter", 19.0))));
            },
            (place, run, step, to) -> Optional.empty(),
            Terminal.NO_RECEIPTS,
            Terminal.NO_SPECS);
    terminal =
        new Terminal(temp, false, Map.of("SALVOR_STATE_DIR", temp.resolve("s").toString()), wiring);
    claim = Desk.claim(new StateDir(temp.resolve("s")));
    desk = claim.open(bridge);
  }

  @AfterEach
  void close() throws IOException {
    desk.close();
    claim.close();
  }

  @Test
  void ps_lists_every_run_in_columns() {
    bridge.with(Story.training("demo")).with(Story.asked("other"));
    assertThat(terminal.type("ps")).isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            RUN    PHASE      SINCE                INSTANCE  GPU          STEP  FRONTIER  SPENT    BURN
            demo   training   2026-11-21 12:00:00  7001      1x RTX 4090  412   300       $0.0002  $0.1200/h
            other  searching  2026-11-21 12:00:00  -         -            -     -         $0.0000  $0.0000/h
            """);
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void ps_without_runs_is_still_an_array() throws IOException {
    assertThat(terminal.type("ps", "--output", "json")).isZero();
    assertThat(json().path("runs").isArray()).isTrue();
    assertThat(json().path("runs").size()).isZero();
  }

  @Test
  void status_tells_one_run() {
    bridge.with(Story.training("demo").after(4));
    assertThat(terminal.type("status")).isZero();
    assertThat(terminal.out())
        .startsWith(
            """
            run demo: training
            since     2026-11-21 12:00:00, 12s ago
            box       instance 7001 · 1x RTX 4090 · Quebec, CA · $0.1200/h while running, $0.1200/h now · running ("Running" in the console), alive
            progress  step 412 of 1500, loss 2.2500
            frontier  step 300 is home and verified, 1 of 2 units home
            exposure  112 steps, 8s of work, 1.2 MB of files would be lost if the box died now
            """);
  }

  @Test
  void status_as_json_has_the_documented_keys() throws IOException {
    bridge.with(Story.training("demo"));
    assertThat(terminal.type("status", "demo", "--output", "json")).isZero();
    List<String> keys = new ArrayList<>();
    json().fieldNames().forEachRemaining(keys::add);
    assertThat(keys)
        .containsExactly(
            "run",
            "phase",
            "since",
            "asOf",
            "boxes",
            "progress",
            "vitals",
            "cargo",
            "money",
            "clocks",
            "events",
            "notices",
            "why");
    assertThat(json().path("boxes").path(0).path("instance").asLong()).isEqualTo(7001);
    assertThat(json().path("money").path("burn").asText()).isEqualTo("0.120000");
  }

  @Test
  void logs_print_the_jobs_lines_and_only_them() {
    bridge.with(Story.training("demo").beat(Story.FIRST, 413, 2.2, "evil \u001b[2J line"));
    assertThat(terminal.type("logs", "--tail", "1")).isZero();
    assertThat(terminal.out()).isEqualTo("evil ?[2J line\n");
  }

  @Test
  void logs_with_events_tell_the_timeline() {
    bridge.with(Story.training("demo"));
    assertThat(terminal.type("logs", "--events")).isZero();
    assertThat(terminal.out())
        .contains("2026-11-21 12:00:00  user      asked for: java CharLm.java\n")
        .contains("2026-11-21 12:00:05  cargo     checkpoint at step 300 is home and verified\n");
  }

  @Test
  void following_logs_ends_with_the_run() throws IOException {
    bridge.with(Story.training("demo").ends(Fact.Ending.DONE, "home"));
    assertThat(terminal.type("logs", "-f", "--output", "json")).isZero();
    assertThat(json().path("lines").path(0).asText()).isEqualTo("step 412/1500 loss 2.2500");
  }

  @Test
  void explain_is_readable_by_somebody_who_was_asleep() {
    bridge.with(
        Story.training("demo")
            .lost(Story.FIRST)
            .decided(
                "relaunch elsewhere from step 300",
                "cheaper than waiting",
                "min bid here $0.30/h",
                "cheapest other $0.11/h"));
    assertThat(terminal.type("explain", "demo")).isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            2026-11-21 12:00:00  - asked for: java CharLm.java
            2026-11-21 12:00:00  - rented instance 7001
            2026-11-21 12:00:01  - rental 1.1: running ("running")
            2026-11-21 12:00:02  - agent on rental 1.1, boot 1, joined
            2026-11-21 12:00:02  - job runs on rental 1.1, boot 1

            2026-11-21 12:00:02  the box of rental 1.1 is alive
                by rule   verdict

            2026-11-21 12:00:08  - rental 1.1: stopped ("outbid")
            2026-11-21 12:00:08  - rental 1.1 is lost (outbid): outbid by another

            2026-11-21 12:00:08  the box of rental 1.1 is lost, OUTBID: outbid by another
                by rule   verdict

            2026-11-21 12:00:08  relaunch elsewhere from step 300
                because   cheaper than waiting
                knowing   min bid here $0.30/h
                knowing   cheapest other $0.11/h
                by rule   outbid

            """);
  }

  @Test
  void approving_is_journaled() {
    bridge.with(Story.training("demo"));
    assertThat(terminal.type("approve", "demo")).isZero();
    assertThat(bridge.story("demo").facts().getLast()).isInstanceOf(Fact.Approved.class);
  }

  @Test
  void destroy_without_a_permit_says_what_is_in_the_way() {
    bridge.with(Story.training("demo"));
    assertThat(terminal.type("destroy", "demo")).isEqualTo(Exit.REFUSED.code());
    assertThat(terminal.out()).isEmpty();
    assertThat(terminal.err())
        .startsWith("salvor: No permit to destroy instance 7001 of run demo: the job is running;")
        .hasLineCount(1);
  }

  @Test
  void a_notice_is_printed_by_every_verb_until_it_is_acknowledged() {
    bridge.with(Story.training("demo").announces("Instance 7001 burns $0.12/h.", "Destroy it."));
    for (String[] verb : new String[][] {{"ps"}, {"status"}, {"logs"}, {"explain"}}) {
      assertThat(terminal.type(verb)).isZero();
      assertThat(terminal.err())
          .as(verb[0])
          .isEqualTo(
              "! run demo, notice 1: Instance 7001 burns $0.12/h. Destroy it. (salvor ack 1)\n");
    }
    assertThat(terminal.type("ack", "1")).isZero();
    assertThat(terminal.type("ps")).isZero();
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void what_is_not_there_is_not_found() {
    bridge.with(Story.training("demo"));
    assertThat(terminal.type("status", "nope")).isEqualTo(Exit.NOT_FOUND.code());
    assertThat(terminal.err())
        .isEqualTo("salvor: There is no run 'nope'. 'salvor ps' lists those there are.\n");
  }

  @Test
  void without_a_controller_the_journal_answers() throws IOException {
    close();
    bridge.with(Story.training("demo").decided("search", "no box yet"));
    assertThat(terminal.type("explain", "demo")).isZero();
    assertThat(terminal.out()).contains("no box yet");
  }

  @Test
  void where_there_never_was_a_controller_it_is_said_how_to_start_one() {
    Path nowhere = temp.resolve("nowhere");
    assertThat(terminal.type("ps", "--state-dir", nowhere.toString()))
        .isEqualTo(Exit.NOT_FOUND.code());
    assertThat(terminal.err()).contains("No controller has ever run on " + nowhere, "salvor demo");
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void what_is_mistyped_is_one_line_and_exit_2() {
    for (String[] words :
        new String[][] {
          {},
          {"fly"},
          {"status", "--outptu", "json"},
          {"ps", "--output", "yaml"},
          {"logs", "--tail", "many"},
          {"logs", "--tail", "-1"},
          {"ack"},
          {"ack", "one"},
          {"demo", "--steps", "0"},
          {"demo", "--outbid-at", "soon"},
          {"demo", "--job", " "},
          {"demo", "--listen", "here"},
          {"controller"},
          {"offers", "--hours", "0"},
          {"offers", "--disk", "many"},
          {"instance"},
          {"instance", "mine"},
          {"sandbox", "--rivals", "-1"},
          {"sandbox", "--fault", "outbid,now"},
        }) {
      assertThat(terminal.type(words)).as(String.join(" ", words)).isEqualTo(Exit.USAGE.code());
      assertThat(terminal.err()).startsWith("salvor: ").hasLineCount(1);
      assertThat(terminal.out()).isEmpty();
    }
  }

  @Test
  void every_verb_explains_itself() {
    for (String verb :
        List.of(
            "demo",
            "ps",
            "status",
            "logs",
            "explain",
            "approve",
            "destroy",
            "ack",
            "sandbox",
            "offers",
            "instances",
            "instance",
            "volumes",
            "user")) {
      assertThat(terminal.type(verb, "--help")).as(verb).isZero();
      assertThat(terminal.out()).contains("Usage: salvor " + verb).doesNotContain("\u001b");
    }
    assertThat(terminal.type("--help")).isZero();
    assertThat(terminal.out()).doesNotContain("  controller");
  }

  @Test
  void the_hidden_verb_starts_what_it_was_given() {
    int status =
        terminal.type(
            "controller",
            "--state-dir",
            "/x",
            "--provider-url",
            "http://127.0.0.1:1",
            "--api-key-file",
            "/x/key",
            "--sandbox");
    assertThat(status).isEqualTo(69);
    assertThat(started)
        .singleElement()
        .isInstanceOfSatisfying(
            Wiring.ControllerOptions.class,
            options -> {
              assertThat(options.dir().root()).isEqualTo(Path.of("/x"));
              assertThat(options.listen()).isEqualTo("127.0.0.1:0");
              assertThat(options.sandbox()).isTrue();
            });
  }

  @Test
  void bench_prints_a_row_a_figure_with_the_peer_where_there_is_one() throws IOException {
    assertThat(terminal.type("bench", "agent")).isZero();
    assertThat(terminal.out())
        .contains("what", "ratio")
        .containsPattern("rss +76.0 +MB +5 +node_exporter +19.0 +4.00");
    assertThat(terminal.err()).contains("measuring");

    assertThat(terminal.type("bench", "agent", "--output", "json")).isZero();
    JsonNode rows = new ObjectMapper().readTree(terminal.out());
    assertThat(rows.get(0).has("peer")).isFalse();
    assertThat(rows.get(1).get("ratio").asDouble()).isEqualTo(4.0);
    assertThat(rows.get(1).get("peer_value").asDouble()).isEqualTo(19.0);

    assertThat(terminal.type("bench", "--runs", "4")).isEqualTo(Exit.USAGE.code());
    assertThat(terminal.err()).contains("5 runs or more, not 4");
  }

  @Test
  void a_bug_is_one_line_and_its_trace_is_in_the_log() throws IOException {
    Terminal broken =
        new Terminal(
            temp,
            false,
            Map.of("SALVOR_STATE_DIR", temp.resolve("broken").toString()),
            new Wiring(
                options -> {
                  throw new IllegalStateException("boom");
                },
                options -> 0,
                dir -> bridge,
                Terminal.NO_MARKET,
                (options, told) -> List.of(),
                (place, run, step, to) -> Optional.empty(),
                Terminal.NO_RECEIPTS,
                Terminal.NO_SPECS));
    int status =
        broken.type(
            "controller", "--state-dir", "/x", "--provider-url", "x", "--api-key-file", "/x");
    assertThat(status).isEqualTo(Exit.INTERNAL.code());
    assertThat(broken.err()).contains("boom").hasLineCount(1).doesNotContain("\tat ");
    assertThat(Files.readString(temp.resolve("broken/salvor.log"))).contains("\tat ");
  }

  @Test
  void a_state_directory_that_cannot_be_used_is_said_before_anything_starts() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThat(terminal.type("demo", "--state-dir", file.toString()))
        .isEqualTo(Exit.ENVIRONMENT.code());
    assertThat(terminal.err())
        .contains("Cannot keep state in " + file, "--state-dir")
        .hasLineCount(1);
    assertThat(started).isEmpty();
  }

  @Test
  void a_demo_without_its_agent_says_what_is_missing() {
    assertThat(terminal.type("demo", "--state-dir", temp.resolve("d").toString()))
        .isEqualTo(Exit.ENVIRONMENT.code());
    assertThat(terminal.err()).contains("agent.jar is missing");
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(terminal.out());
  }
}
