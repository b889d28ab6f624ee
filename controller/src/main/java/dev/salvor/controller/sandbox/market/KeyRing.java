package dev.salvor.controller.sandbox.market;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which ssh keys open which boxes; read by the ssh server's threads, replaced whole by the market.
public final class KeyRing {
  private volatile Map<Long, List<SshKey>> keys = Map.of();

  void replace(Map<Long, List<SshKey>> next) {
    keys = Map.copyOf(next);
  }

  /// The instances a key, in the form of authorized_keys, opens.
  public Set<Long> opens(String publicKey) {
    var ids = new TreeSet<Long>();
    keys.forEach((id, all) -> {
      if (all.stream().anyMatch(key -> key.sameAs(publicKey))) {
        ids.add(id);
      }
    });
    return ids;
  }
}
