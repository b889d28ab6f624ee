package dev.salvor.controller.provider;

import dev.salvor.common.unit.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How the host pulls an image that is not public. The platform stores it.
public record ImageLogin(String user, Secret token, String registry) {
  /// What tells of it: a token, and whose it is.
  public static final List<String> VARIABLES = List.of("GHCR_TOKEN", "GHCR_USER");

  private static final String GHCR = "ghcr.io";

  public ImageLogin {
    if ((user + token.reveal() + registry).matches(".*[\\s\"'\\\\].*")) {
      throw new IllegalArgumentException(
          "Cannot log in at %s: its user or token has a blank or a quote in it. Correct it."
              .formatted(registry));
    }
  }

  /// From `GHCR_TOKEN`, for an image there; the user is `GHCR_USER`, else the image's owner.
  public static Optional<ImageLogin> of(String image, Map<String, String> env) {
    String token = env.getOrDefault("GHCR_TOKEN", "").strip();
    if (token.isEmpty() || !image.startsWith(GHCR + "/")) {
      return Optional.empty();
    }
    String owner = image.split("/", 3)[1];
    String user = env.getOrDefault("GHCR_USER", "").strip();
    return Optional.of(new ImageLogin(user.isEmpty() ? owner : user, new Secret(token), GHCR));
  }

  /// What its owner must know before it is sent.
  public String warning() {
    return "the platform stores the login of %s at %s: use a token that can only read packages"
        .formatted(user, registry);
  }
}
