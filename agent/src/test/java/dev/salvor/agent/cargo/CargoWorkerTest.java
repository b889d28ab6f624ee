package dev.salvor.agent.cargo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.core.Need;
import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.disk.Ballast;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A look that fails half way loses nothing of what it had found.
final class CargoWorkerTest {
  private static final JobSpec JOB =
      new JobSpec("train", "/work", Map.of(), List.of("/work/ckpt"), List.of("/work"));

  @TempDir Path dir;

  private final BlockingQueue<AgentEvent> inbox = new LinkedBlockingQueue<>();
  private final OneUnit catalog = new OneUnit();
  private CargoWorker worker;
  private Path carryDir;

  @BeforeEach
  void make() throws IOException {
    carryDir = Files.createDirectory(dir.resolve("carry"));
    RoomKeeper room =
        new RoomKeeper(dir, dir, path -> new RoomGauge.Level(1000, 500, 100, 50), job -> List.of());
    Ballast ballast = new Ballast(dir.resolve("ballast"));
    worker =
        new CargoWorker(
            new CargoWorker.Tools(
                new UnitFiles(carryDir, new Bytes(), ballast),
                (job, told) -> catalog,
                new CarryCommand(List.of("/bin/false"), dir, ballast, Optional.empty()),
                new Bytes(),
                room),
            inbox::add);
  }

  @Test
  void a_unit_is_removed_by_order_and_one_that_stays_is_told_with_the_reason() throws Exception {
    worker.act(new Action.Prune("p0", OneUnit.UNIT.id(), List.of()));
    assertThat(next()).isEqualTo(new AgentEvent.PruneFailed("p0", "No catalog is open"));
    worker.act(new Action.OpenCatalog(JOB, 0));

    worker.act(new Action.Prune("p1", OneUnit.UNIT.id(), List.of(OneUnit.UNIT.id())));
    worker.act(new Action.Prune("p2", OneUnit.UNIT.id(), List.of()));

    assertThat(next()).isEqualTo(new AgentEvent.UnitPruned(OneUnit.UNIT.id()));
    assertThat(next()).isEqualTo(new AgentEvent.PruneFailed("p2", "something else is to stay"));
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void what_cannot_be_kept_is_taken_back_and_found_again() throws Exception {
    Files.delete(carryDir);
    Files.createFile(carryDir);
    worker.act(new Action.OpenCatalog(JOB, 0));

    worker.act(new Action.Rescan());

    assertThat(next()).isInstanceOf(AgentEvent.ScanFailed.class);
    assertThat(catalog.taken).isEqualTo(1);

    Files.delete(carryDir);
    Files.createDirectory(carryDir);
    worker.act(new Action.Rescan());

    assertThat(next()).isEqualTo(new AgentEvent.UnitsFound(List.of(OneUnit.UNIT)));
    worker.act(new Action.Rescan());
    assertThat(next()).isEqualTo(new AgentEvent.UnitsFound(List.of()));
  }

  @Test
  void box_is_not_quiet_while_something_could_not_be_taken_in() throws Exception {
    catalog.odd.add("/work/ckpt/step-1 cannot be read");
    worker.act(new Action.OpenCatalog(JOB, 0));

    worker.act(new Action.Settle());

    assertThat(next())
        .isEqualTo(
            new AgentEvent.ScanFailed(
                "Not everything was taken in: /work/ckpt/step-1 cannot be read"));
  }

  @Test
  void carry_that_fails_says_why_and_leaves_the_unit() throws Exception {
    worker.act(new Action.OpenCatalog(JOB, 0));
    worker.act(new Action.Rescan());
    assertThat(next()).isInstanceOf(AgentEvent.UnitsFound.class);

    worker.act(new Action.Carry(new dev.salvor.agent.core.CarryOrder("c1", OneUnit.UNIT.id())));

    assertThat(next()).isInstanceOf(AgentEvent.CarryFailed.class);
    assertThat(catalog.copied).isEmpty();
  }

  private AgentEvent next() throws InterruptedException {
    return Optional.ofNullable(inbox.poll(10, TimeUnit.SECONDS)).orElseThrow();
  }

  /// Finds one unit, and tells it once unless it is taken back.
  private static final class OneUnit implements Catalog {
    static final Unit UNIT = unit();

    private final List<String> odd = new ArrayList<>();
    private final List<UnitId> copied = new ArrayList<>();
    private boolean told;
    private int taken;

    @Override
    public List<Unit> rescan() {
      List<Unit> found = told ? List.of() : List.of(UNIT);
      told = true;
      return found;
    }

    @Override
    public List<String> odd() {
      return odd;
    }

    @Override
    public Settled settle() {
      return new Settled(rescan(), false);
    }

    @Override
    public void takeBack() {
      told = false;
      taken++;
    }

    @Override
    public List<Report.Notice> notices() {
      return List.of();
    }

    @Override
    public Need need() {
      return Need.UNKNOWN;
    }

    @Override
    public void copied(UnitId unit) {
      copied.add(unit);
    }

    @Override
    public void prune(UnitId unit, List<UnitId> stays) throws IOException {
      if (!stays.contains(UNIT.id())) {
        throw new IOException("something else is to stay");
      }
    }

    @Override
    public void close() {
      told = true;
    }

    private static Unit unit() {
      Sha256 digest = Sha256.of("w".getBytes(StandardCharsets.UTF_8));
      Manifest manifest =
          new Manifest("/work/ckpt/step-1", List.of(new FileEntry("w.bin", 1, digest)));
      return new Unit(
          new UnitId(1, 1, 1, manifest.digest()),
          UnitKind.CHECKPOINT,
          "pytorch",
          1,
          Completeness.COMMITTED,
          manifest,
          Instant.EPOCH);
    }
  }

  /// The one unit's id stands for it.
  private static final class Bytes implements UnitBytes {
    @Override
    public byte[] write(Unit unit) {
      return write(unit.id());
    }

    @Override
    public byte[] write(UnitId id) {
      return id.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Unit read(byte[] bytes) {
      return OneUnit.UNIT;
    }
  }
}
