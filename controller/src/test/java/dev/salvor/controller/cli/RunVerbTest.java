package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.desk.FakeBridge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What flags, variables and words come to; by the dry run, which asks nobody.
final class RunVerbTest {
  @TempDir Path temp;
  private final List<RunSpec> shown = new ArrayList<>();
  private final Map<String, String> env = new HashMap<>();
  private final FakeSpecs specs = new FakeSpecs(shown);

  @Test
  void without_a_key_and_flags_it_is_what_offers_looks_for_on_a_disk_of_60_gb() {
    assertThat(dry("--", "echo hi")).isZero();
    RunSpec spec = shown.getFirst();
    assertThat(spec.market().query()).isEqualTo(OffersVerb.DEFAULTS);
    assertThat(spec.market().diskGb()).isEqualTo(60);
    assertThat(spec.market().interruptible()).isFalse();
    assertThat(spec.job().care().tasks()).containsExactly("echo hi");
    assertThat(spec.job().care().goOn()).isTrue();
    assertThat(spec.job().workdir()).isEqualTo("/app");
    assertThat(spec.finish()).isEqualTo(new RunSpec.Finish(RunSpec.After.DESTROY, true));
    assertThat(spec.box().sync()).isEqualTo(Path.of("").toAbsolutePath().toString());
    assertThat(spec.run().value()).matches("controller-\\d{8}_\\d{6}");
  }

  @Test
  void variables_of_the_platforms_client_count_and_flags_go_before_them() {
    env.putAll(Map.of("VAST_IMAGE", "mine", "VAST_DISK", "100", "VAST_QUERY", "gpu_ram>=40"));
    assertThat(dry("--", "x")).isZero();
    RunSpec.Market market = shown.getFirst().market();
    assertThat(market.image() + " " + market.diskGb() + " " + market.query())
        .isEqualTo("mine 100 gpu_ram>=40");
    assertThat(dry("--image", "yours", "--disk", "7", "--gpu", "RTX 4090", "--", "x")).isZero();
    market = shown.getLast().market();
    assertThat(market.image() + " " + market.diskGb() + " " + market.query())
        .isEqualTo("yours 7 gpu_ram>=40 gpu_name=RTX_4090");
  }

  @Test
  void flags_say_the_rest() {
    assertThat(
            dry(
                "--min-gpu-ram=8",
                "--max-price=0.5",
                "--budget=3",
                "--env=A=b=c",
                "--keep-on-failure",
                "--no-pull",
                "--no-sync",
                "--allow-proxy",
                "--job=my_job-1",
                "--",
                "x"))
        .isZero();
    RunSpec spec = shown.getFirst();
    assertThat(spec.market().query()).contains("gpu_ram>=8").doesNotContain("gpu_ram>=20");
    assertThat(spec.market().cap()).isEqualTo(UsdPerHour.of(0.5));
    assertThat(spec.budget()).isEqualTo(Usd.of(3));
    assertThat(spec.job().env()).isEqualTo(Map.of("A", "b=c"));
    assertThat(spec.finish().keepFailed()).isTrue();
    assertThat(spec.finish().leaveResults()).isTrue();
    assertThat(spec.box().sync()).isEmpty();
    assertThat(spec.box().proxy()).isTrue();
    assertThat(spec.run().value()).isEqualTo("my_job-1");
    assertThat(specs.results).isEmpty();
  }

  @Test
  void keeping_is_no_yes_to_destroying_and_a_shell_keeps() {
    assertThat(dry("--keep", "--", "x")).isZero();
    assertThat(dry("--shell")).isZero();
    assertThat(shown)
        .allSatisfy(spec ->
            assertThat(spec.finish()).isEqualTo(new RunSpec.Finish(RunSpec.After.KEEP, false)));
  }

  @Test
  void what_cannot_be_is_refused_with_what_to_do() throws Exception {
    assertRefused("give a run.yaml, --tasks FILE");
    assertRefused("one run.yaml", "a.yaml", "b.yaml");
    Path file = Files.writeString(temp.resolve("t"), "x\n");
    assertRefused("not both", "--tasks", file.toString(), "--", "x");
    assertRefused("Try --job my-job", "--job", "My Job", "--", "x");
    assertRefused("over 0", "--max-price", "0", "--", "x");
    assertRefused("whole number of 1 or more", "--disk", "0", "--", "x");
    env.put("VAST_DISK", "much");
    assertRefused("'much' GB", "--", "x");
  }

  @Test
  void a_run_yaml_says_it_all_and_flags_go_before_it() throws Exception {
    assertThat(dry("--", "x")).isZero();
    specs.file = Optional.of(shown.removeFirst());
    assertThat(dry("run.yaml", "--job", "other", "--max-price", "0.1", "--keep")).isZero();
    RunSpec spec = shown.getFirst();
    assertThat(spec.run().value()).isEqualTo("other");
    assertThat(spec.market().cap()).isEqualTo(UsdPerHour.of(0.1));
    assertThat(spec.finish().after()).isEqualTo(RunSpec.After.KEEP);
    assertThat(spec.job().care().tasks()).containsExactly("x");
    specs.file = Optional.empty();
    assertRefused("it has 1 problems", "run.yaml");
  }

  @Test
  void gpu_flags_stand_for_what_the_files_query_says_of_the_gpu_and_the_rest_of_it_stays()
      throws Exception {
    file("gpu_name=RTX_3090 machine_id=42 gpu_ram>=24 verified=any duration>=3.00", true);
    assertThat(dry("run.yaml", "--min-gpu-ram", "10")).isZero();
    assertThat(shown.getLast().market().query())
        .isEqualTo("gpu_name=RTX_3090 machine_id=42 verified=any duration>=3.00 gpu_ram>=10");
    assertThat(dry("run.yaml", "--gpu", "RTX 4090")).isZero();
    assertThat(shown.getLast().market().query())
        .isEqualTo("machine_id=42 gpu_ram>=24 verified=any duration>=3.00 gpu_name=RTX_4090");
    env.put("VAST_QUERY", "gpu_ram>=80");
    assertThat(dry("run.yaml", "--gpu", "RTX 4090")).isZero();
    assertThat(shown.getLast().market().query()).doesNotContain("80").contains("machine_id=42");
  }

  @Test
  void another_query_leaves_the_volumes_machine_and_the_length_of_the_contract() throws Exception {
    file("gpu_name=RTX_3090 machine_id=42 duration>=3.00", true);
    assertThat(dry("run.yaml", "--query", "num_gpus=2 machine_id=any")).isZero();
    assertThat(shown.getLast().market().query())
        .isEqualTo("num_gpus=2 duration>=3.00 machine_id=42");
    file("gpu_name=RTX_3090 machine_id=42 duration>=3.00", false);
    assertThat(dry("run.yaml", "--query", "num_gpus=2")).isZero();
    assertThat(shown.getLast().market().query()).isEqualTo("num_gpus=2");
  }

  @Test
  void secrets_and_the_proxy_are_allowed_to_a_run_yaml_too() throws Exception {
    file("num_gpus=1", false);
    env.put("WANDB", "w");
    assertThat(dry("run.yaml", "--secret", "WANDB", "--allow-proxy")).isZero();
    assertThat(shown.getLast().job().care().secrets()).containsExactly("WANDB");
    assertThat(shown.getLast().box().proxy()).isTrue();
    assertThat(specs.given).isEqualTo(Map.of("WANDB", "w"));
    assertThat(dry("run.yaml")).isZero();
    assertThat(shown.getLast().box().proxy()).isFalse();
  }

  @Test
  void the_accounts_own_key_is_no_secret_of_a_job() throws Exception {
    assertRefused("opens the whole account", "--secret", "VAST_API_KEY", "--", "x");
    assertRefused("opens the whole account", "--env", "VAST_API_KEY=abc", "--", "x");
    file("num_gpus=1", false);
    assertRefused("opens the whole account", "run.yaml", "--secret", "VAST_API_KEY");
  }

  /// A run.yaml with this query; with a volume and a deadline, or neither.
  private void file(String query, boolean bound) throws Exception {
    specs.file = Optional.empty();
    assertThat(dry("--", "x")).isZero();
    RunSpec usual = shown.removeLast();
    RunSpec.Market market =
        new RunSpec.Market("image", query, 60, false, usual.market().cap(), RunSpec.Bidding.RAISE);
    RunSpec.Box box = RunSpec.Box.USUAL;
    RunSpec.Volume volume = bound ? new RunSpec.Volume(881, "/mnt") : RunSpec.Volume.NONE;
    specs.file =
        Optional.of(
            new RunSpec(
                usual.run(),
                usual.job(),
                market,
                new RunSpec.Box(
                    box.runtype(),
                    box.entrypoint(),
                    box.env(),
                    box.ports(),
                    box.packages(),
                    "",
                    false,
                    volume),
                usual.finish(),
                usual.budget(),
                bound ? Optional.of(Instant.parse("2026-12-01T00:00:00Z")) : Optional.empty()));
  }

  private void assertRefused(String why, String... words) {
    Terminal terminal = terminal();
    List<String> all = new ArrayList<>(List.of("run", "--dry-run"));
    all.addAll(List.of(words));
    assertThat(terminal.type(all.toArray(String[]::new))).isEqualTo(Exit.USAGE.code());
    assertThat(terminal.err()).contains(why);
  }

  private int dry(String... words) {
    Terminal terminal = terminal();
    List<String> all = new ArrayList<>(List.of("run", "--dry-run"));
    all.addAll(List.of(words));
    int code = terminal.type(all.toArray(String[]::new));
    assertThat(terminal.err()).isEmpty();
    return code;
  }

  private Terminal terminal() {
    Wiring wiring =
        new Wiring(
            options -> 69,
            options -> 69,
            dir -> new FakeBridge(),
            Terminal.NO_MARKET,
            (options, told) -> List.of(),
            (place, run, step, to) -> Optional.empty(),
            Terminal.NO_RECEIPTS,
            specs);
    return new Terminal(temp, false, env, wiring);
  }
}
