package dev.salvor.controller.main;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.cargo.CargoException;
import dev.salvor.controller.cargo.Landing;
import dev.salvor.controller.cargo.Staging;
import dev.salvor.controller.cargo.StoredBlock;
import dev.salvor.controller.cargo.StoredBlocks;
import dev.salvor.controller.cargo.Straight;
import dev.salvor.controller.cargo.Target;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Receipt;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.effect.Home;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.CargoDesk;
import dev.salvor.controller.intake.DeskException;
import dev.salvor.controller.loop.Event;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Where cargo comes in, from boxes and from rescues, and goes out again to boxes that resume. What
/// landed is told to the loop.
final class Hold implements CargoDesk, Home {
  private final Staging staging;
  private final Consumer<Event> loop;
  private final Predicate<Caller> priced;
  private final InstantSource clock;

  /// @param priced whose bytes cost money
  Hold(Staging staging, Consumer<Event> loop, Predicate<Caller> priced, InstantSource clock) {
    this.priced = priced;
    this.staging = staging;
    this.loop = loop;
    this.clock = clock;
  }

  @Override
  public CargoDesk.Copy open(Caller caller, Unit unit, int blockSize) throws DeskException {
    try {
      return new Incoming(caller, staging.open(caller.run(), unit, blockSize));
    } catch (CargoException e) {
      throw deskException(e);
    }
  }

  @Override
  public Optional<CargoDesk.Copy> straight(Caller caller, Unit unit) throws DeskException {
    try {
      return staging.straight(caller.run(), unit).map(way -> new StraightIn(caller, way));
    } catch (CargoException e) {
      throw deskException(e);
    }
  }

  @Override
  public Restoring restore(Caller caller, UnitId unit) throws DeskException {
    try {
      Optional<StoredBlocks> blocks = StoredBlocks.open(staging.target(), caller.run(), unit);
      return new Outgoing(
          blocks.orElseThrow(
              () -> new DeskException(DeskException.Kind.MISSING, "No receipted unit " + unit)));
    } catch (CargoException e) {
      throw deskException(e);
    }
  }

  @Override
  public boolean stillThere(RunId run, Unit unit) {
    try {
      return staging.target().stillThere(run, unit.id(), unit.manifest(), Target.Look.DIGESTS);
    } catch (CargoException e) {
      return false;
    }
  }

  @Override
  public Outcome withdraw(RunId run, UnitPermit permit) {
    try {
      staging.target().erase(run, permit);
      return new Outcome.Done();
    } catch (CargoException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), true);
    }
  }

  @Override
  public Outcome land(RunId run, RentalRef rental, Unit unit, Path fetched, boolean structureOnly) {
    try {
      return switch (staging.importRescued(run, unit, fetched)) {
        case Landing.Landed landed -> {
          tellLacking(run, landed);
          yield new Outcome.Landed(new Receipt(unit.id(), landed.place(), structureOnly));
        }
        case Landing.Again again -> new Outcome.Failed(again.reason(), true);
        case Landing.Refused refused -> new Outcome.Failed(refused.reason(), false);
      };
    } catch (CargoException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), true);
    }
  }

  /// One target has it; that another has not is for people, once a target.
  private void tellLacking(RunId run, Landing.Landed landed) {
    for (Landing.Lacking lacking : landed.lacking()) {
      String what =
          "A copy is at %s, and target %d of the run does not have it: %s"
              .formatted(landed.place(), lacking.target(), lacking.why());
      String next = "Mend that: later copies go there again. What is lacking is not made up for.";
      loop.accept(
          new Event.Happened(
              run,
              new Fact.Announced(clock.instant(), "target-lacks-" + lacking.target(), what, next)));
    }
  }

  private static DeskException deskException(CargoException e) {
    DeskException.Kind kind =
        switch (e.kind()) {
          case HOSTILE, SUPERSEDED -> DeskException.Kind.REFUSED;
          default -> DeskException.Kind.BROKEN;
        };
    return new DeskException(kind, String.valueOf(e.getMessage()), e);
  }

  private CargoDesk.Settlement settled(Caller caller, Unit unit, Landing landing, long sent) {
    return switch (landing) {
      case Landing.Landed landed -> {
        Receipt receipt = new Receipt(unit.id(), landed.place(), false, sent);
        // Whoever asked for it: a unit that has landed is news by itself.
        loop.accept(
            new Event.Happened(
                caller.run(), new Fact.Settled(clock.instant(), 0, new Outcome.Landed(receipt))));
        tellLacking(caller.run(), landed);
        yield new CargoDesk.Settlement(true, landed.place(), false);
      }
      case Landing.Again again -> new CargoDesk.Settlement(false, again.reason(), true);
      case Landing.Refused refused -> new CargoDesk.Settlement(false, refused.reason(), false);
    };
  }

  /// A copy from a box straight to a store.
  private final class StraightIn implements CargoDesk.Copy {
    private final Caller caller;
    private final Straight way;

    private StraightIn(Caller caller, Straight way) {
      this.caller = caller;
      this.way = way;
    }

    @Override
    public List<HeldBlock> held() {
      return List.of();
    }

    @Override
    public boolean thrifty() {
      return false;
    }

    @Override
    public Optional<Unit> base() {
      return Optional.empty();
    }

    @Override
    public List<Long> partSizes() {
      return way.partSizes();
    }

    @Override
    public Slot slot(PartName part, Sha256 digest) throws DeskException {
      try {
        Straight.Slot slot = way.slot(part.file(), part.number(), digest);
        return new Slot(slot.held(), slot.url(), slot.headers());
      } catch (CargoException e) {
        throw deskException(e);
      }
    }

    @Override
    public void put(PartName part, String etag) throws DeskException {
      try {
        way.put(part.file(), part.number(), etag);
      } catch (CargoException e) {
        throw deskException(e);
      }
    }

    @Override
    public void accept(CargoBlock block) throws DeskException {
      throw new DeskException(DeskException.Kind.REFUSED, "This copy goes straight to a store");
    }

    @Override
    public Settlement close() throws DeskException {
      try (way) {
        return settled(caller, way.unit(), way.settle(), way.sentBytes());
      } catch (CargoException e) {
        throw deskException(e);
      }
    }

    @Override
    public void breakOff() {
      way.close();
    }
  }

  /// A copy from a box.
  private final class Incoming implements CargoDesk.Copy {
    private final Caller caller;
    private final dev.salvor.controller.cargo.Copy copy;

    private Incoming(Caller caller, dev.salvor.controller.cargo.Copy copy) {
      this.caller = caller;
      this.copy = copy;
    }

    @Override
    public List<HeldBlock> held() {
      return copy.held().stream().map(b -> new HeldBlock(b.file(), b.index(), b.print())).toList();
    }

    @Override
    public boolean thrifty() {
      return priced.test(caller);
    }

    @Override
    public Optional<Unit> base() {
      return copy.base();
    }

    @Override
    public void accept(CargoBlock block) throws DeskException {
      try {
        if (block.form().packed()) {
          copy.acceptPacked(block.file(), block.index(), block.data(), block.form().basePrint());
        } else {
          copy.accept(block.file(), block.index(), block.data());
        }
      } catch (CargoException e) {
        throw deskException(e);
      }
    }

    @Override
    public Settlement close() throws DeskException {
      try (copy) {
        return settled(caller, copy.unit(), copy.settle(), copy.sentBytes());
      } catch (CargoException e) {
        throw deskException(e);
      }
    }

    @Override
    public void breakOff() {
      copy.close();
    }
  }

  /// A unit on its way to a box.
  private record Outgoing(StoredBlocks blocks) implements Restoring {
    @Override
    public Unit unit() {
      return blocks.unit();
    }

    @Override
    public Optional<CargoBlock> next() throws DeskException {
      try {
        return blocks.next().map(Outgoing::block);
      } catch (CargoException e) {
        throw deskException(e);
      }
    }

    private static CargoBlock block(StoredBlock b) {
      return new CargoBlock(b.file(), b.index(), List.of(b.data()), Form.RAW);
    }

    @Override
    public void close() {
      blocks.close();
    }
  }
}
