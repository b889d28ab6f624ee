package dev.salvor.controller.main;

import dev.salvor.common.checkpoint.StillDisk;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Salvaged;
import dev.salvor.controller.effect.Home;
import dev.salvor.controller.effect.Rescuing;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.tunnel.Programs;
import dev.salvor.controller.tunnel.RsyncPull;
import dev.salvor.controller.tunnel.SshKey;
import dev.salvor.controller.tunnel.TunnelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Rescues by the platform's copy call and rsync: fetches the checkpoint and result directories of
/// a paused disk, finds what is complete in them, and lands each unit that has no receipt yet.
final class DiskRescue implements Rescuing {
  private final Path dir;
  private final Provider provider;
  private final Home home;
  private final SshKey key;
  private final LastWords words;

  private DiskRescue(Path dir, Provider provider, Home home, SshKey key, LastWords words) {
    this.dir = dir;
    this.provider = provider;
    this.home = home;
    this.key = key;
    this.words = words;
  }

  /// A rescue that says why it cannot where this machine lacks ssh or rsync.
  static Rescuing orNone(Path stateDir, Provider provider, Home home, LastWords words) {
    Optional<String> lacking = Programs.lacking("rsync", "ssh", "ssh-keygen");
    if (lacking.isPresent()) {
      String why =
          "no " + lacking.get() + " on this machine: install it, and paused disks can be rescued";
      return (_, _, _) -> new Outcome.Failed(why, false);
    }
    try {
      SshKey key = SshKey.of(stateDir);
      return new DiskRescue(stateDir.resolve("rescue"), provider, home, key, words);
    } catch (TunnelException e) {
      return (_, _, _) -> new Outcome.Failed(String.valueOf(e.getMessage()), false);
    }
  }

  @Override
  public void prepare() throws ProviderException {
    try {
      provider.useSshKey(key.publicKey());
    } catch (TunnelException e) {
      throw new ProviderException(
          ProviderException.Kind.REFUSED, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Outcome run(RunId run, Effect.Rescue rescue, RunState state) {
    try {
      Path disk = dir.resolve(run.value()).resolve(rescue.rental().toString());
      for (String root : roots(state)) {
        fetch(rescue, root, disk.resolve(root.substring(1)));
      }
      // What the agent had to say when it stopped its own box; beside the disk, for it is no cargo.
      Path said = dir.resolve(run.value()).resolve(rescue.rental() + "-words");
      fetch(rescue, LastWords.ON_BOX, said);
      words.read(new Caller(run, rescue.rental()), said);
      return land(run, rescue, state, disk);
    } catch (ProviderException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), e.kind().retryable());
    } catch (TunnelException | IOException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), true);
    }
  }

  private static Set<String> roots(RunState state) {
    Set<String> roots = new LinkedHashSet<>(state.spec().job().checkpointRoots());
    roots.addAll(state.spec().job().resultRoots());
    return roots;
  }

  private void fetch(Effect.Rescue rescue, String root, Path into)
      throws ProviderException, TunnelException {
    Provider.CopySource source = provider.copyFrom(rescue.instance(), root + "/");
    RsyncPull.Remote remote =
        new RsyncPull.Remote(
            rescue.instance().toString(),
            source.user(),
            source.host(),
            source.port(),
            source.module());
    new RsyncPull(key).pull(remote, into);
  }

  /// Lands every complete unit that was found and has no receipt.
  private Outcome land(RunId run, Effect.Rescue rescue, RunState state, Path disk)
      throws IOException {
    Rental rental = state.rentals().get(rescue.rental());
    if (rental == null) {
      return new Outcome.Failed("no such rental: " + rescue.rental(), false);
    }
    List<Cargo.Stowed> known = state.cargo().on(rescue.rental()).toList();
    List<Outcome.RescuedUnit> landed = new ArrayList<>();
    StillDisk.Look look = look(disk, state);
    List<String> left = new ArrayList<>(look.odd());
    for (Salvaged.Piece piece : Salvaged.of(rental, known, look.found())) {
      Unit unit = piece.unit();
      switch (home.land(run, rescue.rental(), unit, piece.found().base(), piece.isNew())) {
        case Outcome.Landed l -> landed.add(new Outcome.RescuedUnit(unit, l.receipt()));
        case Outcome.Failed failed when failed.retryable() -> {
          return failed;
        }
        case Outcome other -> left.add(unit.id() + " at step " + unit.step() + ": " + other);
      }
    }
    List<String> missing = missing(known, landed);
    return new Outcome.Rescued(
        landed, left.isEmpty(), Stream.concat(left.stream(), missing.stream()).toList());
  }

  private static StillDisk.Look look(Path disk, RunState state) throws IOException {
    return StillDisk.look(
        disk, state.spec().job().checkpointRoots(), state.spec().job().resultRoots());
  }

  /// Units that were seen, have no receipt, are not on the disk any more, and that nothing newer
  /// makes up for.
  private static List<String> missing(List<Cargo.Stowed> known, List<Outcome.RescuedUnit> landed) {
    long proven =
        known.stream()
            .filter(s -> s.proof() instanceof Cargo.Proof.Proven)
            .mapToLong(s -> s.unit().step())
            .max()
            .orElse(-1);
    long newest = landed.stream().mapToLong(l -> l.unit().step()).max().orElse(proven);
    return known.stream()
        .filter(s ->
            s.proof() instanceof Cargo.Proof.None && s.unit().step() > Math.max(proven, newest))
        .map(s -> s.unit().id() + " at step " + s.unit().step() + " is no longer on the disk")
        .toList();
  }
}
