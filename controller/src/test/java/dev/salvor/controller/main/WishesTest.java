package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.cargo.CargoException;
import dev.salvor.controller.cargo.Landing;
import dev.salvor.controller.cargo.Staged;
import dev.salvor.controller.cargo.TargetByRun;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fold;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.TargetPlace;
import dev.salvor.controller.verify.ReceiptKey;
import dev.salvor.controller.verify.Verifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the user's own command says of a copy decides whether it gets a receipt.
class WishesTest {
  private static final RunId RUN = new RunId("checked");
  private static final byte[] BYTES = "loss 0.1\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;

  @Test
  void a_command_that_fails_keeps_the_receipt_back_and_says_why() throws Exception {
    Landing landing = land(new Wishes(run -> state("echo no weights in {path}; exit 4"), dir));
    assertThat(landing).isInstanceOf(Landing.Refused.class);
    assertThat(((Landing.Refused) landing).reason())
        .contains("The verify command ended with 4")
        .contains("no weights in");
    assertThat(dir.resolve("cargo/checked")).isEmptyDirectory();
  }

  @Test
  void one_that_accepts_lets_it_through_and_the_receipt_names_the_check() throws Exception {
    Landing landing = land(new Wishes(run -> state("grep -q 'loss 0.1' {path}/summary.txt"), dir));
    assertThat(landing).isInstanceOf(Landing.Landed.class);
    String receipt =
        Files.readString(dir.resolve("cargo/checked/" + unit().id() + "/receipt.json"));
    assertThat(receipt).contains("\"user-command\"").contains("\"signature\"");
  }

  @Test
  void a_run_without_one_is_proven_by_salvor_alone() throws Exception {
    assertThat(land(new Wishes(run -> state(""), dir))).isInstanceOf(Landing.Landed.class);
    String receipt =
        Files.readString(dir.resolve("cargo/checked/" + unit().id() + "/receipt.json"));
    assertThat(receipt).doesNotContain("user-command");
  }

  @Test
  void a_controller_that_does_not_answer_has_not_said_that_there_is_none() {
    assertThatThrownBy(() -> land(new Wishes(run -> Optional.empty(), dir)))
        .isInstanceOf(CargoException.class)
        .hasStackTraceContaining("the controller does not say");
  }

  private Landing land(Wishes checks) throws IOException, CargoException {
    Path data = Files.createDirectories(dir.resolve("data"));
    Files.write(data.resolve("summary.txt"), BYTES);
    ReceiptProver prover =
        new ReceiptProver(new Verifier(), checks, ReceiptKey.of(dir), InstantSource.system());
    return new TargetByRun(
            run -> List.of(TargetPlace.parse(dir.resolve("cargo").toString())),
            TargetKinds.ofThisMachine())
        .land(RUN, unit(), new Staged(data, false), prover);
  }

  private static Unit unit() {
    FileEntry file = new FileEntry("summary.txt", BYTES.length, Sha256.of(BYTES));
    Manifest manifest = new Manifest("/work", List.of(file));
    return new Unit(
        new UnitId(1, 1, 1, manifest.digest()),
        UnitKind.RESULTS,
        "files",
        0,
        Completeness.COMMITTED,
        manifest,
        Instant.EPOCH);
  }

  private static Optional<dev.salvor.controller.core.RunState> state(String verify) {
    RunSpec.Care care =
        new RunSpec.Care(
            List.of(),
            List.of(),
            List.of(),
            "",
            List.of(),
            List.of(),
            Duration.ZERO,
            verify,
            List.of(),
            Retention.ALL,
            false,
            List.of());
    RunSpec spec =
        new RunSpec(
            RUN,
            new RunSpec.Job("true", "/work", Map.of(), List.of(), List.of("/work"), care),
            new RunSpec.Market("image", "", 10, false, UsdPerHour.of(1)),
            new RunSpec.Finish(RunSpec.After.DESTROY, true),
            Usd.of(1));
    return Optional.of(Fold.begin(new Fact.RunRequested(Instant.EPOCH, spec)));
  }
}
