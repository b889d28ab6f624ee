package dev.salvor.agent.platform;

import dev.salvor.common.unit.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The key that the platform puts into every box, good for that box alone, and where it is used.
///
/// @param platform scheme, host and port; plain http only on this machine
/// @param instance the platform's number of this box
public record BoxKey(URI platform, String instance, Secret key) {
  /// The platform's own address (vast.ai's documentation of its API).
  private static final String PLATFORM = "https://console.vast.ai";

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /// As the platform sets it in the environment; empty where it does not, or where using it would
  /// show it to the network.
  public static Optional<BoxKey> of(Map<String, String> env) {
    String instance = env.getOrDefault("CONTAINER_ID", "").strip();
    String key = env.getOrDefault("CONTAINER_API_KEY", "").strip();
    URI platform = URI.create(env.getOrDefault("SALVOR_PLATFORM", PLATFORM).strip());
    boolean sealed =
        "https".equals(platform.getScheme())
            || ("http".equals(platform.getScheme()) && LOOPBACK.contains(platform.getHost()));
    return key.isEmpty() || !NUMBER.matcher(instance).matches() || !sealed
        ? Optional.empty()
        : Optional.of(new BoxKey(platform, instance, new Secret(key)));
  }

  URI instanceUrl() {
    return platform.resolve("/api/v0/instances/" + instance + "/");
  }
}
