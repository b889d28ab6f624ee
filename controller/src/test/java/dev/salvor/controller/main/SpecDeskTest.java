package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.controller.cli.Failure;
import dev.salvor.controller.cli.Session;
import dev.salvor.controller.cli.Specs;
import dev.salvor.controller.core.RunSpec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is shown before anything is sent, with no key and no network.
class SpecDeskTest {
  private static final String SECRET = "correct-horse-battery";
  private static final Specs.DryRunOptions RESULTS = new Specs.DryRunOptions("work_remote/tide");

  private static final String YAML =
      """
      name: tide
      image: ghcr.io/me/trainer:cuda
      query: gpu_name=RTX_4090 num_gpus=1
      type: interruptible
      bid: fixed
      env: {EPOCHS: 3}
      ports: [6006]
      secrets: [WANDB_API_KEY]
      code: {git: "https://example.org/me/tide.git", branch: main}
      checkpoints: /workspace
      tasks: ["python train.py --note 'it s \\"nested\\"'"]
      verify: test -s {path}/summary.txt
      """;

  @TempDir Path dir;

  private final SpecDesk desk =
      new SpecDesk(InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z")));

  @Test
  void a_dry_run_needs_no_key_and_tells_the_clocks_first() throws Exception {
    List<String> plan = desk.dryRun(spec(YAML), RESULTS, session(Map.of()));
    assertThat(plan.get(2)).isEqualTo("danger clocks");
    assertThat(plan)
        .as("what no market was asked for is promised, and what is known is told")
        .filteredOn(line -> line.contains("said as soon as an offer is chosen"))
        .hasSize(3)
        .anyMatch(line -> line.contains("60 GB bill on until the box is destroyed"))
        .anyMatch(line -> line.contains("20 GB onto the box and, in 8 h, 10 GB off it"));
    assertThat(plan).anyMatch(line -> line.contains("the bid is not raised"));
  }

  @Test
  void a_dry_run_names_every_request_with_its_body_and_every_command() throws Exception {
    String plan = String.join("\n", desk.dryRun(spec(YAML), RESULTS, session(Map.of())));
    assertThat(plan)
        .containsSubsequence(
            "POST   https://console.vast.ai/api/v0/bundles/",
            "\"gpu_name\":{\"eq\":\"RTX 4090\"}",
            "\"type\":\"bid\"",
            "GET    https://console.vast.ai/api/v0/ssh/",
            "PUT    https://console.vast.ai/api/v0/asks/<offer>/",
            "\"image\":\"ghcr.io/me/trainer:cuda\"",
            "GET    https://console.vast.ai/api/v1/instances/",
            "ExitOnForwardFailure=yes",
            "git clone",
            "python train.py --note 'it s \"nested\"'",
            "WANDB_API_KEY",
            "test -s {path}/summary.txt",
            "work_remote/tide",
            "DELETE https://console.vast.ai/api/v0/instances/<instance>/");
    assertThat(plan)
        .contains("\"SALVOR_JOIN_TOKEN\":\"***\"", "\"-p 6006:6006\":\"1\"", "\"EPOCHS\":\"3\"")
        .contains("\"runtype\":\"ssh_direc ssh_proxy\"", "\"price\":\"<the bid>\"");
  }

  @Test
  void a_directory_that_is_brought_is_named_with_what_stays_here() throws Exception {
    Files.createDirectories(dir.resolve("project"));
    Files.writeString(dir.resolve("project/.gitignore"), "*.log\n");
    RunSpec spec = spec("image: a\ncode: {sync: project}\njob: true\n");
    String plan = String.join("\n", desk.dryRun(spec, RESULTS, session(Map.of())));
    assertThat(plan)
        .contains("rsync -rlptz --partial", "--exclude=/.git", "--exclude=*.log", "root@HOST:/app/")
        .contains("POST   https://console.vast.ai/api/v0/instances/<instance>/ssh/");
  }

  @Test
  void what_is_secret_here_is_in_no_plan() throws Exception {
    Session session =
        session(Map.of("VAST_API_KEY", SECRET, "GHCR_TOKEN", SECRET, "WANDB_API_KEY", SECRET));
    String plan = String.join("\n", desk.dryRun(spec(YAML), RESULTS, session));
    assertThat(plan).doesNotContain(SECRET).contains("\"image_login\":\"***\"");
    assertThat(desk.start(spec(YAML), session).toString()).doesNotContain(SECRET);
  }

  @Test
  void the_accounts_key_is_refused_in_a_command_and_as_a_secret_of_another_name() throws Exception {
    Session session = session(Map.of("VAST_API_KEY", SECRET));
    RunSpec tells = spec("image: a\njob: curl -H 'Bearer " + SECRET + "' x\n");
    assertThatThrownBy(() -> desk.refuseKey(tells, Map.of(), session))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("no box is given")
        .message()
        .doesNotContain(SECRET);
    RunSpec plain = spec("image: a\njob: true\n");
    assertThatThrownBy(() -> desk.refuseKey(plain, Map.of("TOKEN", SECRET), session))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("the secret TOKEN");
    desk.refuseKey(plain, Map.of("TOKEN", "other"), session);
  }

  @Test
  void an_account_key_in_a_setting_is_refused_before_anything_is_sent() throws Exception {
    RunSpec spec = spec("image: a\nenv: {EXTRA: x-" + SECRET + "}\njob: true\n");
    assertThatThrownBy(() -> desk.dryRun(spec, RESULTS, session(Map.of("VAST_API_KEY", SECRET))))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("EXTRA holds a secret")
        .message()
        .doesNotContain(SECRET);
  }

  @Test
  void args_without_a_way_back_are_refused_with_the_reason() throws Exception {
    RunSpec spec = spec("image: a\nargs: bash -c 'true && true'\n");
    assertThatThrownBy(() -> desk.dryRun(spec, RESULTS, session(Map.of())))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("no sshd of the platform's")
        .hasMessageContaining("--listen HOST:PORT");
    // A sandbox's boxes are on this machine and reach it.
    Session here = session(Map.of("VAST_URL", "http://127.0.0.1:7777"));
    assertThat(String.join("\n", desk.dryRun(spec, RESULTS, here)))
        .contains("\"args\":[\"bash\",\"-c\",\"<the onstart text", "\"onstart\":null")
        .contains("\"SALVOR_FOREGROUND\":\"1\"", "\"runtype\":\"args\"")
        .contains("[the job] bash -c 'true && true'");
  }

  @Test
  void what_is_rendered_is_looked_at_and_a_broken_step_is_found() throws Exception {
    List<Specs.Look> good = desk.check(spec(YAML), session(Map.of()));
    assertThat(good).allMatch(Specs.Look::good);
    assertThat(good).extracting(Specs.Look::what).contains("length", "bash -n", "shellcheck");
    List<Specs.Look> bad =
        desk.check(spec("image: a\nsetup: 'if true; then'\njob: ok\n"), session(Map.of()));
    assertThat(bad)
        .filteredOn(look -> !look.good())
        .extracting(Specs.Look::what)
        .contains("bash -n");
    assertThat(bad.toString()).contains("step 1 (once a disk)");
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatThrownBy(() -> desk.read(dir.resolve("none.yaml"), session(Map.of())))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("none.yaml");
  }

  private RunSpec spec(String yaml) throws Exception {
    Path file = Files.writeString(dir.resolve("run.yaml"), yaml);
    Specs.Reading reading = desk.read(file, session(Map.of()));
    assertThat(reading.problems()).isEmpty();
    return reading.spec().orElseThrow();
  }

  private Session session(Map<String, String> env) {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    return new Session(
        nowhere, nowhere, false, env, dir.toString(), ZoneOffset.UTC, dir.resolve("installation"));
  }
}
