package dev.salvor.controller.launch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a file asks for, and everything that is wrong with one.
class RunFileTest {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static final String FULL =
      """
      name: tide-7
      image: pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime
      query: gpu_name=RTX_4090 num_gpus=1 machine_id=7
      type: interruptible
      bid: fixed
      disk: {size: 80 GB, image: 12, data: 20 GB, checkpoint: 1500 MB, keep: 4, cache: 5}
      max_price: $0.55
      budget: 12.5
      deadline: 36h
      runtype: ssh_proxy
      volumes:
        - {id: 881, path: /mnt/v}
      ports: [8080, 6006/tcp, 9000/udp]
      reach: proxy
      env:
        TRAIN_CONFIG: configs/small.yaml
        EPOCHS: 3
      env_file: my.env
      secrets: [WANDB_API_KEY]
      packages: [git, rg:ripgrep, build-essential]
      pip: {packages: ["torch>=2", einops], requirements: requirements.txt}
      setup:
        - make -C native
      code: {git: "https://${GH_TOKEN}@example.org/me/tide.git", branch: main, path: /app}
      data:
        - {url: "https://example.org/set.tar", to: /data/, sha256: "%s"}
        - {rclone: "b2:set/train", to: /data/train}
        - {s3: s3://bucket/val, to: /data/val, endpoint: "https://s3.example.org"}
        - {link: /data, to: /app/data}
      env_first: echo first
      env_resume: [echo again]
      workdir: /app/src
      tasks:
        - train --epochs 3
        - 'eval --note "it''s done"'
      runner: ./run-direct
      checkpoints: /workspace/ckpt
      results: [/work, /logs]
      scratch: ["tmp/*"]
      listens: SIGUSR1
      checkpoint_every: 10m
      targets: [kept, {s3: s3://tide/ckpt/, endpoint: https://s3.example.org, region: eu}]
      verify: python check.py {path}
      finish: {then: stop, approval: yes, unattended: 1h, lease: 3d}
      """
          .formatted("0".repeat(64));

  @TempDir Path dir;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(dir.resolve("my.env"), "# keys\nexport B2_KEY='b2 secret'\nEMPTY=\n");
    Files.createDirectory(dir.resolve("src"));
  }

  @Test
  void every_key_arrives_where_it_counts() {
    RunFile.Reading reading = read(FULL);
    assertThat(reading.problems()).isEmpty();
    RunSpec spec = reading.spec().orElseThrow();
    assertThat(spec.run()).isEqualTo(new RunId("tide-7"));
    assertThat(spec.market())
        .isEqualTo(
            new RunSpec.Market(
                "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime",
                "gpu_name=RTX_4090 num_gpus=1 machine_id=7 duration>=1.50",
                80,
                true,
                UsdPerHour.of(0.55),
                RunSpec.Bidding.FIXED,
                RunSpec.Bid.USUAL,
                new RunSpec.Sizes(12_000_000_000L, 20_000_000_000L, 1_500_000_000L)));
    assertThat(spec.box())
        .isEqualTo(
            new RunSpec.Box(
                "ssh_proxy",
                "",
                Map.of("TRAIN_CONFIG", "configs/small.yaml", "EPOCHS", "3"),
                List.of("8080", "6006/tcp", "9000/udp"),
                List.of("git", "rg:ripgrep", "build-essential", "curl", "rclone"),
                "",
                true,
                new RunSpec.Volume(881, "/mnt/v")));
    assertThat(spec.finish())
        .isEqualTo(
            new RunSpec.Finish(RunSpec.After.STOP, true, Duration.ofHours(1), Duration.ofDays(3)));
    assertThat(spec.budget()).isEqualTo(Usd.of(12.5));
    assertThat(spec.deadline()).contains(NOW.plus(Duration.ofHours(36)));
  }

  @Test
  void the_job_and_its_care_arrive_too() {
    RunFile.Reading reading = read(FULL);
    RunSpec.Job job = reading.spec().orElseThrow().job();
    RunSpec.Care care = job.care();
    assertThat(job.workdir()).isEqualTo("/app/src");
    assertThat(job.checkpointRoots()).containsExactly("/workspace/ckpt");
    assertThat(job.resultRoots()).containsExactly("/work", "/logs");
    assertThat(care.tasks())
        .containsExactly("./run-direct train --epochs 3", "./run-direct eval --note \"it's done\"");
    assertThat(care.secrets()).containsExactly("WANDB_API_KEY", "B2_KEY");
    assertThat(reading.secrets()).isEqualTo(Map.of("B2_KEY", new Secret("b2 secret")));
    assertThat(care.envFirst())
        .hasSize(9)
        .contains("make -C native")
        .last()
        .isEqualTo("echo first");
    assertThat(care.envResume()).hasSize(4).last().isEqualTo("echo again");
    assertThat(care.listens()).isEqualTo("SIGUSR1");
    assertThat(care.scratch()).containsExactly("tmp/*");
    assertThat(care.checkpointEvery()).isEqualTo(Duration.ofMinutes(10));
    assertThat(care.verify()).isEqualTo("python check.py {path}");
    assertThat(care.targets())
        .extracting(Object::toString)
        .containsExactly(
            dir.resolve("kept").toString(),
            "s3://tide/ckpt?endpoint=https://s3.example.org&region=eu");
    assertThat(reading.warnings()).singleElement().asString().contains("EMPTY");
  }

  @Test
  void little_is_enough() {
    RunSpec spec = read("image: a/b\njob: python train.py\n").spec().orElseThrow();
    assertThat(spec)
        .isEqualTo(
            new RunSpec(
                new RunId("run"),
                new RunSpec.Job(
                    "python train.py",
                    "/workspace",
                    Map.of(),
                    List.of("/workspace"),
                    List.of("/work")),
                new RunSpec.Market("a/b", RunSpec.Market.USUAL_QUERY, 60, false, UsdPerHour.of(2)),
                new RunSpec.Finish(RunSpec.After.DESTROY, false),
                Usd.of(20)));
  }

  @Test
  void how_a_bid_is_made_and_what_lies_on_the_disk_are_reckoned_with() {
    RunSpec.Market market =
        read("""
        image: a/b
        job: x
        type: interruptible
        bid: {then: fixed, margin: 1.25}
        disk: {size: 100, image: 8, data: 30 GB, checkpoint: 300 MB}
        """)
            .spec()
            .orElseThrow()
            .market();
    assertThat(market.bidding()).isEqualTo(RunSpec.Bidding.FIXED);
    assertThat(market.bid()).isEqualTo(new RunSpec.Bid(UsdPerHour.ZERO, 1.25));
    assertThat(market.sizes())
        .isEqualTo(new RunSpec.Sizes(8_000_000_000L, 30_000_000_000L, 300_000_000L));
    RunSpec.Market first =
        read("image: a\njob: x\ntype: interruptible\nbid: {first: 0.30}\n")
            .spec()
            .orElseThrow()
            .market();
    assertThat(first.bid()).isEqualTo(new RunSpec.Bid(UsdPerHour.of(0.30), 0));
    assertThat(first.bidding()).isEqualTo(RunSpec.Bidding.RAISE);
  }

  @Test
  void every_problem_is_told_with_its_line_and_not_only_the_first() {
    RunFile.Reading reading =
        read(
            """
            imgae: a/b
            type: spot
            disk: -3
            max_price: free
            ports: [80, web]
            env: {SALVOR_RUN: x, "A B": y}
            job: docker run me
            finish: {then: erase, lese: 1h}
            retention: 3
            deadline: 2020-01-01T00:00:00Z
            """);
    assertThat(reading.spec()).isEmpty();
    assertThat(reading.problems())
        .anySatisfy(p ->
            assertThat(p).startsWith("run.yaml:1: unknown key \"imgae\"; did you mean \"image\""))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:1: image is missing"))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:2: type cannot be \"spot\""))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:3: disk takes a size"))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:4: max_price takes dollars"))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:5: ports: \"web\" is no port"))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:6: env: SALVOR_RUN is set by Salvor"))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:6: env: \"A B\" is no name"))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:7: Docker cannot work"))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:8: then cannot be \"erase\""))
        .anySatisfy(p ->
            assertThat(p).startsWith("run.yaml:8: unknown key \"lese\"; did you mean \"lease\""))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:9: retention takes keys of its own"))
        .anySatisfy(p -> assertThat(p).startsWith("run.yaml:10: deadline is over"))
        .hasSize(13);
  }

  /// One line each, beside an image and a job where it needs them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "job: a#image: x                    | `twice`",
        "args: \"bash -c 'x\"               | not closed",
        "args: git clone x && bash y        | no shell reads arguments",
        "entrypoint: bash -c 'x'            | the container runtime would look for a file of that"
            + " name",
        "entrypoint: /run.sh                | goes with args",
        "secrets: [A=b]                     | never what they hold",
        "bid: fixed                         | goes with",
        "volumes: [{id: 3, path: /v}]       | add machine_id=N",
        "packages: [docker.io]              | cannot work",
        "packages: [\"a b\"]                | is no package",
        "code: {git: x, sync: .}            | one of them",
        "code: {sync: src}#runtype: args    | needs ssh",
        "code: {sync: nowhere}              | is no directory",
        "code: {git: x, path: /workspace}   | cloned anew at each start",
        "code: {git: \"https://a:b@c/d\"}   | holds a password",
        "data: [{url: \"https://a/b\"}]     | takes one of url",
        "data: [{url: b, to: /x}]           | is no URL",
        "data: [{s3: b, to: /x}]            | s3://bucket/path",
        "env: {T: hf_abcdefghijklmnopqrstuvwx} | holds a secret",
        "setup: export VAST_API_KEY=abc     | this command holds a secret",
        "checkpoints: ckpt                  | absolute path on the box",
        "checkpoint_every: often            | 10m",
        "listens: SIGKILL                   | takes SIGUSR1",
        "disk: {size: 20, image: 12, checkpoint: 5} | needs 22.0",
        "env_file: none.env                 | cannot be read",
        "runner: x                          | goes with tasks",
        "name: Tide_7                       | lower-case letters",
        "query: gpu_nam=x                   | query: no such field",
        "onstart: x                         | starts Salvor's agent",
        "command: x                         | did you mean \"job\"",
        "jbo: x                             | did you mean \"job\"",
        "? [a]                              | not YAML",
        "a: [                               | not YAML",
      })
  void one_mistake_is_one_problem(String line, String why) {
    String head = line.startsWith("args") ? "image: a\n" : "image: a\njob: true\n";
    List<String> problems = read(head + line.replace('#', '\n') + "\n").problems();
    assertThat(problems).anySatisfy(p -> assertThat(p).contains(why));
    assertThat(problems).allSatisfy(p -> assertThat(p).matches("(?s)run\\.yaml:[0-9]+: .*"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "secrets: [VAST_API_KEY]            | opens the whole account",
        "env: {VAST_API_KEY: abc}           | holds a secret",
        "volumes: [{id: 3, path: /v}]#query: machine_id=any | add machine_id=N",
        "volumes: [{id: 3, path: /v}]#query: machine_id in [1,2] | add machine_id=N",
        "type: interruptible#bid: {first: 3} | over max_price",
        "type: interruptible#bid: {margin: 3} | from 1.0 to 2.0",
        "type: interruptible#bid: {first: 1, margin: 1.2} | one of them",
        "type: interruptible#bid: {frist: 1} | did you mean \"first\"",
      })
  void so_is_one_about_keys_volumes_and_bids(String line, String why) {
    one_mistake_is_one_problem(line, why);
  }

  @Test
  void conda_create_is_a_warning_and_no_problem() {
    RunFile.Reading reading = read("image: a\nsetup: conda create -n x\njob: y\n");
    assertThat(reading.spec()).isPresent();
    assertThat(reading.warnings()).singleElement().asString().startsWith("run.yaml:2: 'conda");
  }

  @Test
  void args_are_the_runtimes_words_and_nested_quotes_survive() {
    RunSpec spec =
        read("""
        image: a
        args: bash -c 'cd / && echo "it'"'"'s $HOME" && bash /x.sh'
        """)
            .spec()
            .orElseThrow();
    assertThat(spec.box().runtype()).isEqualTo("args");
    assertThat(Sh.split(spec.job().command()))
        .contains(List.of("bash", "-c", "cd / && echo \"it's $HOME\" && bash /x.sh"));
  }

  @Test
  void oneshot_is_args_and_stop_and_is_explained() {
    RunFile.Reading reading = read("image: a\nruntype: oneshot\njob: y\n");
    assertThat(reading.spec().orElseThrow().box().runtype()).isEqualTo("args");
    assertThat(reading.spec().orElseThrow().finish().after()).isEqualTo(RunSpec.After.STOP);
    assertThat(reading.warnings()).singleElement().asString().contains("sent as args");
  }

  @Test
  void tasks_may_come_from_a_file() throws IOException {
    Files.writeString(dir.resolve("tasks.txt"), "# jobs\n\nspeak --text \"a b\"\nsplit x\n");
    RunSpec spec = read("image: a\ntasks: tasks.txt\n").spec().orElseThrow();
    assertThat(spec.job().care().tasks()).containsExactly("speak --text \"a b\"", "split x");
  }

  @Test
  void synced_code_is_a_directory_of_this_machine() {
    RunSpec spec = read("image: a\ncode: {sync: src}\njob: y\n").spec().orElseThrow();
    assertThat(spec.box().sync()).isEqualTo(dir.resolve("src").toString());
    assertThat(spec.job().workdir()).isEqualTo("/app");
  }

  @Test
  void hostile_yaml_is_a_problem_and_ends() {
    String bomb =
        """
        a: &a [x,x,x,x,x,x,x,x]
        b: &b [*a,*a,*a,*a,*a,*a,*a,*a]
        c: &c [*b,*b,*b,*b,*b,*b,*b,*b]
        """;
    assertThat(read(bomb).problems()).isNotEmpty();
    assertThat(read("job: &j [*j]\n").problems()).isNotEmpty();
    assertThat(read("[".repeat(100_000)).problems()).isNotEmpty();
    assertThat(read("").problems()).isNotEmpty();
    assertThat(read("x".repeat(2_000_000)).problems()).isNotEmpty();
    assertThat(read("image: a\n---\nimage: b\n").problems()).isNotEmpty();
  }

  private RunFile.Reading read(String yaml) {
    return RunFile.read(new RunFile.Source("run.yaml", yaml, dir, NOW), RunFileTest::queries);
  }

  /// Stands in for the platform's query language.
  private static List<String> queries(String query) {
    return query.contains("gpu_nam=") ? List.of("no such field: gpu_nam") : List.of();
  }
}
