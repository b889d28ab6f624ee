package dev.salvor.controller.provider.vast;

import dev.salvor.common.unit.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/// Where the platform is and how to talk to it.
///
/// @param url scheme, host and port; plain http only on this machine, since every call carries the
///   key
/// @param deadline the longest a call may take, waiting for its turn and repeats included
public record VastConfig(String url, Secret apiKey, Pacing pacing, Duration deadline) {
  /// The platform's own address.
  public static final String PLATFORM_URL = "https://console.vast.ai";

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  /// Under the 120 s of the platform's own client, and over its slowest known answers.
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  public VastConfig {
    String scheme = URI.create(url).getScheme();
    if (!"https".equals(scheme) && !("http".equals(scheme) && isLoopback(url))) {
      throw new IllegalArgumentException(
          "Cannot use the platform address \"%s\": the API key may travel over https only. Correct VAST_URL."
              .formatted(url));
    }
  }

  /// With the usual deadline, and paced unless the address is on this machine.
  public static VastConfig of(String url, Secret apiKey) {
    return new VastConfig(url, apiKey, isLoopback(url) ? Pacing.NONE : Pacing.PLATFORM, DEADLINE);
  }

  private static boolean isLoopback(String url) {
    String host = URI.create(url).getHost();
    return host != null && LOOPBACK.contains(host);
  }
}
