package dev.salvor.controller.tunnel;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/// Pins a box's host key at the first contact, in the file and under the name that the system's ssh
/// would use.
final class MinaPins implements ServerKeyVerifier {
  @Override
  public boolean verifyServerKey(ClientSession session, SocketAddress remote, PublicKey key) {
    MinaSsh.Visit visit = session.getConnectionContext().getAttribute(MinaSsh.VISIT);
    boolean right = visit != null && holds(visit.door(), PublicKeyEntry.toString(key));
    if (visit != null && !right) {
      visit.wrongHost().set(true);
    }
    return right;
  }

  private static boolean holds(Door door, String shown) {
    Path pins = door.keys().knownHosts();
    String name = door.alias() + " ";
    try {
      synchronized (MinaPins.class) {
        List<String> known = Files.exists(pins) ? Files.readAllLines(pins) : List.of();
        List<String> ours = known.stream().filter(line -> line.startsWith(name)).toList();
        if (ours.isEmpty()) {
          Files.writeString(
              pins, name + shown + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          return true;
        }
        return ours.contains(name + shown);
      }
    } catch (IOException e) {
      return false;
    }
  }
}
