package dev.salvor.agent.carry;

import dev.salvor.agent.carry.CarryException.Kind;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.Pem;
import dev.salvor.common.tls.SpkiPin;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The agent's home as a carry process sees it: identity, endpoints, and the notes it leaves.
final class CarryHome {
  private final Path home;
  private final Path root;
  private final Map<String, String> env;

  CarryHome(Path home, Map<String, String> env) {
    this.home = home;
    this.root = Path.of(env.getOrDefault("SALVOR_ROOT", "/")).toAbsolutePath().normalize();
    this.env = env;
  }

  /// A path of the box as it lies on this disk.
  Path onDisk(String boxPath) {
    return root.resolve(boxPath.substring(1)).normalize();
  }

  Path root() {
    return root;
  }

  Credentials credentials() throws CarryException {
    try {
      Path identity = home.resolve("identity");
      return new Credentials(
          Pem.readKey(Files.readString(identity.resolve("key.pem"))),
          Pem.readChain(Files.readString(identity.resolve("chain.pem"))));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CarryException(
          Kind.LOCAL, "Cannot read this box's identity in %s/identity: %s".formatted(home, e));
    }
  }

  Set<SpkiPin> pins() throws CarryException {
    try {
      Set<SpkiPin> pins = new HashSet<>();
      for (String line : Files.readAllLines(home.resolve("identity/ca-pin"))) {
        if (!line.isBlank()) {
          pins.add(SpkiPin.parse(line));
        }
      }
      return pins;
    } catch (IOException | IllegalArgumentException e) {
      throw new CarryException(
          Kind.LOCAL, "Cannot read the pinned CA in %s/identity: %s".formatted(home, e));
    }
  }

  /// Asked at each dial: a tunnel's port changes. The way made for cargo comes first.
  List<InetSocketAddress> endpoints() throws CarryException {
    Path file = home.resolve("endpoints");
    String text =
        read(home.resolve("endpoints-cargo"))
            + read(file)
            + env.getOrDefault("SALVOR_ENDPOINTS", "");
    List<InetSocketAddress> endpoints = new ArrayList<>();
    for (String word : text.strip().split("[,\\s]+", -1)) {
      int colon = word.lastIndexOf(':');
      if (colon > 0) {
        String host = word.substring(0, colon).replaceAll("^\\[|]$", "");
        endpoints.add(new InetSocketAddress(host, port(word.substring(colon + 1))));
      }
    }
    if (endpoints.isEmpty()) {
      throw new CarryException(
          Kind.UNREACHABLE, "No controller is named in %s or SALVOR_ENDPOINTS".formatted(file));
    }
    return endpoints.stream().distinct().toList();
  }

  /// With a line's end; empty where there is none.
  private static String read(Path file) throws CarryException {
    try {
      return Files.exists(file) ? Files.readString(file) + "\n" : "";
    } catch (IOException e) {
      throw new CarryException(Kind.LOCAL, "Cannot read " + file + ": " + e);
    }
  }

  private static int port(String text) throws CarryException {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new CarryException(Kind.LOCAL, "Not a port in the endpoints: " + text);
  }

  /// Tells the catalog what is under way, so that its pin stays. A full disk takes no note, and
  /// must not keep its cargo.
  void sending(UnitId unit) {
    try {
      Files.createDirectories(home.resolve("carry"));
      Files.writeString(home.resolve("carry/sending"), unit.toString());
    } catch (IOException e) {
      System.err.println("Cannot note what is being sent: " + e);
    }
  }

  void sent() throws IOException {
    Path note = home.resolve("carry/sending");
    if (Files.exists(note)) {
      // Emptied, not removed: a disk without inodes makes no other.
      Files.write(note, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    }
  }

  /// Tells the catalog that this content at this place is no news to the controller.
  void restored(String boxPath, Sha256 manifest) throws IOException {
    Path file = Files.createDirectories(home.resolve("catalog")).resolve("restored");
    Files.writeString(
        file,
        manifest.hex() + " " + URLEncoder.encode(boxPath, StandardCharsets.UTF_8) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        StandardOpenOption.SYNC);
  }
}
