package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A desk in memory that takes blocks only as fast as it is let.
final class FakeDesk implements CargoDesk {
  /// How many blocks it may take; unlimited unless told otherwise.
  final Semaphore mayTake = new Semaphore(Integer.MAX_VALUE / 2);

  final AtomicInteger given = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final List<CargoBlock> taken = new ArrayList<>();
  final List<String> log = new ArrayList<>();
  private List<HeldBlock> held = List.of();
  private Optional<DeskException> failure = Optional.empty();
  private Optional<Unit> stored = Optional.empty();
  private int blocks;

  synchronized void hold(List<HeldBlock> blocks) {
    held = blocks;
  }

  synchronized void failNext(DeskException with) {
    failure = Optional.of(with);
  }

  /// What restore gives out: so many blocks of 64 KiB.
  synchronized void store(Unit unit, int blockCount) {
    stored = Optional.of(unit);
    blocks = blockCount;
  }

  synchronized List<String> log() {
    return List.copyOf(log);
  }

  synchronized int takenCount() {
    return taken.size();
  }

  private synchronized void note(String what) {
    log.add(what);
  }

  private synchronized void failIfTold() throws DeskException {
    Optional<DeskException> told = failure;
    failure = Optional.empty();
    if (told.isPresent()) {
      throw told.get();
    }
  }

  @Override
  public Copy open(Caller caller, Unit unit, int blockSize) throws DeskException {
    failIfTold();
    note("open " + caller + " " + unit.id().captureSeq());
    return new FakeCopy();
  }

  @Override
  public synchronized Restoring restore(Caller caller, UnitId unit) throws DeskException {
    failIfTold();
    if (stored.isEmpty() || !stored.get().id().equals(unit)) {
      throw new DeskException(DeskException.Kind.MISSING, "No unit " + unit + " with a receipt");
    }
    return new FakeRestoring(stored.get());
  }

  /// Keeps the blocks.
  private final class FakeCopy implements Copy {
    @Override
    public List<HeldBlock> held() {
      synchronized (FakeDesk.this) {
        return held;
      }
    }

    @Override
    public boolean thrifty() {
      return true;
    }

    @Override
    public Optional<Unit> base() {
      return Optional.empty();
    }

    @Override
    public void accept(CargoBlock block) throws DeskException {
      try {
        if (!mayTake.tryAcquire(20, TimeUnit.SECONDS)) {
          throw new DeskException(DeskException.Kind.BROKEN, "Nobody let the desk go on");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DeskException(DeskException.Kind.BROKEN, "interrupted", e);
      }
      failIfTold();
      ByteBuffer kept = ByteBuffer.allocate(1 << 20);
      block.data().forEach(kept::put);
      synchronized (FakeDesk.this) {
        taken.add(new CargoBlock(block.file(), block.index(), List.of(kept.flip()), block.form()));
      }
    }

    @Override
    public Settlement close() {
      note("close");
      return new Settlement(true, "", false);
    }

    @Override
    public void breakOff() {
      note("break off");
    }
  }

  /// Gives out equal blocks.
  private final class FakeRestoring implements Restoring {
    private final Unit unit;
    private int next;

    FakeRestoring(Unit unit) {
      this.unit = unit;
    }

    @Override
    public Unit unit() {
      return unit;
    }

    @Override
    public Optional<CargoBlock> next() {
      synchronized (FakeDesk.this) {
        if (next == blocks) {
          return Optional.empty();
        }
      }
      given.incrementAndGet();
      byte[] data = new byte[1 << 16];
      return Optional.of(new CargoBlock(0, next++, List.of(ByteBuffer.wrap(data))));
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
