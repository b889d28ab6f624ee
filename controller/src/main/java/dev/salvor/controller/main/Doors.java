package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.desk.Bridge;
import dev.salvor.controller.provider.InstanceView;
import dev.salvor.controller.provider.Marketplace;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.Row;
import dev.salvor.controller.provider.SshAddress;
import dev.salvor.controller.provider.SshKeys;
import dev.salvor.controller.tunnel.Door;
import dev.salvor.controller.tunnel.SshKey;
import dev.salvor.controller.tunnel.TunnelException;
import dev.salvor.controller.tunnel.UserKey;
import dev.salvor.controller.view.DoorView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the ways into rentals: where the platform says that their sshd is, and with which keys.
///
/// @param stateDir where Salvor's own key lies, and the pins of the boxes' host keys
record Doors(Marketplace market, Path stateDir) {
  private static final String USER = "root";

  /// With Salvor's own key. Empty while the platform names no address, or has no such rental any
  /// more.
  Optional<Door> find(InstanceId instance) throws ProviderException, TunnelException {
    Optional<InstanceView> view = market.instances().show(instance);
    return view.isEmpty() ? Optional.empty() : of(view.get(), List.of());
  }

  /// What the platform says of a rental that no run of ours has.
  Optional<Bridge.Stranger> stranger(InstanceId instance) throws ProviderException {
    return market.instances().show(instance).map(view -> stranger(view));
  }

  private static Bridge.Stranger stranger(InstanceView view) {
    Row row = view.row();
    Offer machine =
        new Offer(
            row.instance().value(),
            row.machine(),
            row.gpu(),
            row.gpus(),
            row.sight().burn(),
            row.sight().minBid(),
            row.storage(),
            0,
            0,
            view.place().reliability(),
            view.place().where());
    return new Bridge.Stranger(row.instance(), machine, row.label(), row.sight().words());
  }

  /// All that a person needs to go there. The user's key is given to a rental that does not have
  /// it, and ours where he has none. Empty if there is no such rental.
  Optional<DoorView> view(InstanceId instance, Optional<UserKey> key)
      throws ProviderException, TunnelException {
    Optional<InstanceView> found = market.instances().show(instance);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    InstanceView view = found.get();
    Optional<Door> door = of(view, key.map(UserKey::identity).stream().toList());
    if (door.isPresent()) {
      attach(instance, key.isPresent() ? key.get().publicKey() : SshKey.of(stateDir).publicKey());
    }
    Sight sight = view.row().sight();
    return Optional.of(
        new DoorView(
            instance.value(),
            "",
            sight.words(),
            sight.burn(),
            view.ssh().filter(SshAddress::direct).map(SshAddress::host).orElse(""),
            view.ports(),
            door.map(d -> new DoorView.Way(d.url(), d.at().direct(), d.ssh(true), d.destination()))
                .orElse(DoorView.Way.NONE)));
  }

  /// The door that this view of a rental shows.
  ///
  /// @param first keys to show before Salvor's own
  Optional<Door> of(InstanceView view, List<Path> first) throws TunnelException {
    if (view.ssh().isEmpty()) {
      return Optional.empty();
    }
    String rental = view.row().instance().toString();
    SshKey own = SshKey.of(stateDir);
    List<Path> identities = new ArrayList<>(first);
    identities.add(own.identity());
    return view.ssh()
        .map(ssh ->
            new Door(
                rental,
                new Door.Address(ssh.host(), ssh.port(), USER, ssh.direct()),
                new Door.Keys(identities, own.knownHosts(rental))));
  }

  /// Gives the rental our key, where the platform does not have it there.
  void attachOwn(InstanceId instance) throws ProviderException, TunnelException {
    attach(instance, SshKey.of(stateDir).publicKey());
  }

  /// Gives the rental this key, if it is not there yet. It may take seconds until the box takes it.
  void attach(InstanceId instance, String publicKey) throws ProviderException {
    SshKeys keys = market.keys();
    if (keys.of(instance).stream().noneMatch(key -> key.sameAs(publicKey))) {
      keys.attach(instance, publicKey);
    }
  }
}
