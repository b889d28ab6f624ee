package dev.salvor.controller.desk;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.OtherView;
import dev.salvor.controller.view.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the desk asks of the controller behind it. Called from many threads.
public interface Bridge {

  Instant now();

  /// Every run the journal knows, oldest first.
  List<RunId> runs();

  Optional<Snapshot> snapshot(RunId run);

  /// Keeps a run's secrets, beside the journal and never in it, before the run is asked for.
  void keep(RunId run, Map<String, Secret> secrets) throws DeskException;

  /// Asks the run's box to read out its job's log.
  ///
  /// @return whether the box was asked; its lines then come into the snapshots
  boolean wantLog(RunState run, int tail, Duration during);

  /// The way into an instance of the account, ours or not, worked out at the platform now.
  ///
  /// @param key the private key that the user named; empty for his usual one
  DoorView door(long instance, String key) throws DeskException;

  /// What the platform says of an instance that no run of ours has; empty if it has none of that
  /// number.
  Optional<Stranger> stranger(long instance) throws DeskException;

  /// A rental of the account that is none of ours.
  ///
  /// @param label as its owner named it; empty for none
  /// @param words the platform's own
  record Stranger(InstanceId instance, Offer machine, String label, String words) {}

  /// What other fleets have at the account, by the last look at it.
  default List<OtherView> others() {
    return List.of();
  }

  /// Returns once the fact is journaled and folded.
  void submit(RunId run, Fact fact) throws DeskException;
}
