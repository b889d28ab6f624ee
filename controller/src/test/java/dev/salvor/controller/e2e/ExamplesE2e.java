package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The examples that ship, run as they are but for where their code and data are: a batch as the
/// image's arguments, and a training whose start-up is all keys.
class ExamplesE2e {
  private static final Path EXAMPLES = Path.of("../docs/examples");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "git", "curl", "ssh", "ssh-keygen", "rsync", "env").forEach(Needs::tool);
  }

  @Test
  void a_batch_runs_as_arguments_with_its_quotes_and_its_box_is_stopped() throws Exception {
    try (Place place = Place.open();
        WebRoot web = WebRoot.open(place.beside("web"));
        Bazaar bazaar = Bazaar.open(place, false)) {
      repository(place, "project.git", "remote_runner.sh", BATCH);
      write(bazaar, "batch-args.yaml", web);
      Cli.Ended ended = bazaar.type("run", "batch-args.yaml", "--job", Bazaar.RUN).ended();
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.err()).contains("oneshot is no runtype");
      assertThat(bazaar.results().resolve("task.txt")).hasContent("a task with \"nested\" quotes");
      assertThat(bazaar.results().resolve("fast.txt")).exists();
      assertThat(place.market().of("destroy")).isEmpty();
      assertThat(place.market().of("create").getFirst().detail().toString()).contains("demo");

      Cli.Ended destroyed = bazaar.type("destroy", Bazaar.RUN, "--wind-down").ended();
      assertThat(destroyed.code()).as(destroyed.err()).isZero();
      Until.holds("the disk is gone", PATIENCE, () -> place.market().has("destroyed"));
      bazaar.shut();
      new Ending(place).receiptsVerify();
    }
  }

  @Test
  void a_training_finds_its_code_and_data_and_leaves_checkpoints_and_results() throws Exception {
    try (Place place = Place.open();
        WebRoot web = WebRoot.open(place.beside("web"));
        Bazaar bazaar = Bazaar.open(place)) {
      repository(place, "simulator.git", "run_remote.sh", TRAINING);
      Files.writeString(place.beside("web").resolve("train.bin"), "the data");
      write(bazaar, "train-onstart.yaml", web);
      Cli.Ended ended = bazaar.type("run", "train-onstart.yaml", "--job", Bazaar.RUN).ended();
      assertThat(ended.code()).as(ended.err() + ended.out()).isZero();
      assertThat(ended.out()).contains("code at ", "config configs/small.yaml", "the data");
      assertThat(bazaar.results().resolve("summary.txt"))
          .hasContent("stage all, out /workspace/ckpt");
      bazaar.shut();
      Ending ending = new Ending(place);
      assertThat(ending.stored())
          .anySatisfy(stored -> assertThat(stored.checkpoint()).isTrue())
          .allSatisfy(s -> assertThat(s.json().path("checks").toString()).contains("user-command"));
      ending.receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }

  private static final String BATCH =
      """
      #!/bin/bash
      set -e
      printf '%s' "$1" >/work/task.txt
      touch "/work/$PIPELINE.txt"
      """;

  private static final String TRAINING =
      """
      #!/bin/bash
      set -e
      cat /workspace/data/first
      cat data/train.bin; echo
      mkdir -p "$2"
      { printf '\\x38\\0\\0\\0\\0\\0\\0\\0'
        printf '%-56s%08d' '{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}' 7
      } >"$2/.tmp-7"
      mv "$2/.tmp-7" "$2/step_7.safetensors"
      sleep 2
      printf 'stage %s, out %s' "$TRAIN_STAGE" "$2" >/work/summary.txt
      """;

  private static void write(Bazaar bazaar, String example, WebRoot web) throws IOException {
    String yaml =
        Files.readString(EXAMPLES.resolve(example))
            .replace("https://git.example.org/team/", web.url(""))
            .replace("https://data.example.org/", web.url(""));
    Files.writeString(bazaar.project().resolve(example), yaml);
  }

  /// A bare repository of one script, to be read as plain files.
  private static void repository(Place place, String name, String script, String text)
      throws Exception {
    Path work = Files.createDirectories(place.beside("work-" + name).resolve("scripts"));
    Files.writeString(work.resolve(script), text);
    String command =
        """
        set -e; cd '%1$s'; chmod +x scripts/*; git init -q -b main; git add .
        git -c user.name=t -c user.email=t@example.org commit -q -m one
        git clone -q --bare . '%2$s'; git -C '%2$s' update-server-info
        """
            .formatted(work.getParent(), place.beside("web").resolve(name));
    Process git =
        new ProcessBuilder("bash", "-c", command)
            .redirectErrorStream(true)
            .redirectOutput(place.beside("git.out").toFile())
            .start();
    assertThat(git.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(git.exitValue()).as(Files.readString(place.beside("git.out"))).isZero();
  }
}
