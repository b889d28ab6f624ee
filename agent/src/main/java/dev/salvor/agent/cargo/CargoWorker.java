package dev.salvor.agent.cargo;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.CarryOrder;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.core.Need;
import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for cargo on one thread, and moves it by carry processes from another.
public final class CargoWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CargoWorker.class);

  private final UnitFiles files;
  private final CatalogSource catalogs;
  private final CarryCommand carry;
  private final UnitBytes bytes;
  private final RoomKeeper room;
  private final Consumer<AgentEvent> inbox;
  private final ExecutorService looking = single("catalog");
  private final ExecutorService moving = single("carry");
  private final ExecutorService tending = single("room");

  private volatile @Nullable Catalog catalog;

  /// Of the open catalog; the looking thread's own.
  private @Nullable JobSpec openedFor;

  public CargoWorker(Tools tools, Consumer<AgentEvent> inbox) {
    this.files = tools.files();
    this.catalogs = tools.catalogs();
    this.carry = tools.carry();
    this.bytes = tools.bytes();
    this.room = tools.room();
    this.inbox = inbox;
  }

  /// What it works with.
  ///
  /// @param files where each unit lies for the carry process
  public record Tools(
      UnitFiles files,
      CatalogSource catalogs,
      CarryCommand carry,
      UnitBytes bytes,
      RoomKeeper room) {}

  /// Takes the action and returns; its outcome comes as an event.
  public void act(Action.ForCargo action) {
    switch (action) {
      case Action.OpenCatalog open -> looking.execute(() -> open(open));
      case Action.Rescan _ -> looking.execute(this::rescan);
      case Action.Settle _ -> looking.execute(this::settle);
      case Action.LookForRoom _ -> tending.execute(this::lookForRoom);
      case Action.MakeRoom make ->
          tending.execute(() ->
              inbox.accept(
                  new AgentEvent.RoomMade(
                      make.place(), make.relief(), room.make(make.place(), make.relief()))));
      case Action.Prune prune -> looking.execute(() -> prune(prune));
      case Action.Carry order -> moving.execute(() -> carry(order.order()));
      case Action.Restore restore -> moving.execute(() -> restore(restore));
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
    moving.shutdownNow();
    tending.shutdownNow();
  }

  /// A job that starts again goes on with its catalog, which knows what it gave and what was taken.
  private void open(Action.OpenCatalog open) {
    JobSpec job = open.job();
    try {
      Catalog before = catalog;
      if (before == null || !sameRoots(openedFor, job)) {
        if (before != null) {
          before.close();
        }
        catalog = catalogs.open(job, open.told());
        openedFor = job;
      }
      room.open(job);
      files.prune(room.root());
    } catch (IOException e) {
      inbox.accept(new AgentEvent.ScanFailed("Cannot open the catalog: " + e));
    }
  }

  private static boolean sameRoots(@Nullable JobSpec before, JobSpec now) {
    return before != null
        && before.checkpointRoots().equals(now.checkpointRoots())
        && before.resultRoots().equals(now.resultRoots());
  }

  private void rescan() {
    try {
      List<Unit> units = opened().rescan();
      keep(units);
      notice();
      inbox.accept(new AgentEvent.UnitsFound(units));
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  /// What was found before it failed reached nobody.
  private void failed(Exception e) {
    Catalog open = catalog;
    if (open != null) {
      open.takeBack();
    }
    inbox.accept(new AgentEvent.ScanFailed(e.toString()));
  }

  private void settle() {
    try {
      Catalog.Settled settled = opened().settle();
      keep(settled.units());
      notice();
      List<String> odd = opened().odd();
      if (settled.more()) {
        inbox.accept(new AgentEvent.UnitsFound(settled.units()));
      } else if (odd.isEmpty()) {
        inbox.accept(new AgentEvent.CargoSettled(settled.units()));
      } else {
        // What could not be taken in may be all there is of it: then this box is not quiet.
        inbox.accept(new AgentEvent.ScanFailed("Not everything was taken in: " + odd.getFirst()));
      }
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  private void notice() throws IOException {
    List<Report.Notice> notices = opened().notices();
    if (!notices.isEmpty()) {
      inbox.accept(new AgentEvent.Noticed(notices));
    }
  }

  private void lookForRoom() {
    Catalog open = catalog;
    Need need = open == null ? Need.UNKNOWN : open.need();
    try {
      inbox.accept(new AgentEvent.RoomSeen(room.look(), need, ""));
    } catch (IOException | RuntimeException e) {
      inbox.accept(new AgentEvent.RoomSeen(List.of(), need, e.toString()));
    }
  }

  private void prune(Action.Prune prune) {
    try {
      opened().prune(prune.unit(), prune.stays());
      inbox.accept(new AgentEvent.UnitPruned(prune.unit()));
    } catch (IOException | RuntimeException e) {
      inbox.accept(new AgentEvent.PruneFailed(prune.orderId(), String.valueOf(e.getMessage())));
    }
  }

  private Catalog opened() throws IOException {
    Catalog open = catalog;
    if (open == null) {
      throw new IOException("No catalog is open");
    }
    return open;
  }

  /// What cannot be kept is not told, and found again.
  private void keep(List<Unit> units) throws IOException {
    for (Unit unit : units) {
      files.keep(unit);
    }
  }

  private void carry(CarryOrder order) {
    try {
      if (files.isDone(order.unit())) {
        inbox.accept(new AgentEvent.CarryDone(order.orderId()));
        return;
      }
      if (!files.has(order.unit())) {
        fail(order, "this box has no unit " + order.unit());
        return;
      }
      CarryCommand.Outcome outcome = carry.run("--unit", files.of(order.unit()));
      if (outcome.exit() == 0) {
        looking.execute(() -> copied(order.unit()));
        inbox.accept(new AgentEvent.CarryDone(order.orderId()));
      } else {
        fail(order, outcome.lastLine() + " (exit " + outcome.exit() + ")");
      }
    } catch (IOException e) {
      fail(order, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void copied(UnitId unit) {
    try {
      opened().copied(unit);
      files.done(unit);
    } catch (IOException e) {
      // It only holds room that the trainer may want: the next rescan counts the pins anew.
      LOG.atWarn().addKeyValue("unit", unit).addKeyValue("why", e).log("pin not dropped");
    }
  }

  private void fail(CarryOrder order, String why) {
    inbox.accept(new AgentEvent.CarryFailed(order.orderId(), why));
  }

  /// All or none: what was brought by a try that failed is found there by the next.
  private void restore(Action.Restore order) {
    try {
      for (UnitId each : order.also()) {
        String _ = brought(each);
      }
      String last = brought(order.unit());
      inbox.accept(new AgentEvent.RestoreDone(order.unit(), root(order.unit(), last)));
    } catch (IOException e) {
      inbox.accept(new AgentEvent.RestoreFailed(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The last line that the carry process said.
  private String brought(UnitId id) throws IOException, InterruptedException {
    CarryCommand.Outcome outcome = carry.run("--restore", files.request(id));
    if (outcome.exit() != 0) {
      throw new IOException("%s (exit %d)".formatted(outcome.lastLine(), outcome.exit()));
    }
    return outcome.lastLine();
  }

  /// The restored unit's root: from the unit that the carry process left beside the id, else its
  /// last line.
  private String root(UnitId id, String lastLine) throws IOException {
    Path unit = files.of(id);
    if (Files.exists(unit)) {
      return bytes.read(Files.readAllBytes(unit)).manifest().root();
    }
    if (lastLine.startsWith("/")) {
      return lastLine.strip();
    }
    throw new IOException("The restore did not say where it put " + id);
  }

  private static ExecutorService single(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon(true).factory());
  }
}
