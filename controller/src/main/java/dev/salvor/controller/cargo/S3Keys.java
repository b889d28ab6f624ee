package dev.salvor.controller.cargo;

import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// An account's key at a store, from where Amazon's own tools have it. It stays on this machine.
///
/// @param session of a key that is lent for some hours; empty for one that stays
/// @param region empty where nobody said
/// @param source for messages: which variable or file it came from
public record S3Keys(
    String id, Secret secret, Optional<Secret> session, String region, String source) {
  private static final long MAX_BYTES = 1 << 20;

  /// From `AWS_ACCESS_KEY_ID` and its like, else the profile that `AWS_PROFILE` names in
  /// `~/.aws/credentials`. Empty where there is none.
  public static Optional<S3Keys> find(Map<String, String> env, Path home) {
    String profile = said(env, "AWS_PROFILE").orElse("default");
    Map<String, String> config =
        section(
            said(env, "AWS_CONFIG_FILE").map(Path::of).orElse(home.resolve(".aws/config")),
            profile.equals("default") ? profile : "profile " + profile);
    String region =
        said(env, "AWS_REGION")
            .or(() -> said(env, "AWS_DEFAULT_REGION"))
            .or(() -> said(config, "region"))
            .orElse("");
    Optional<S3Keys> given =
        of(
            new Found(
                said(env, "AWS_ACCESS_KEY_ID"),
                said(env, "AWS_SECRET_ACCESS_KEY"),
                said(env, "AWS_SESSION_TOKEN")),
            region,
            "AWS_ACCESS_KEY_ID");
    if (given.isPresent()) {
      return given;
    }
    Path file =
        said(env, "AWS_SHARED_CREDENTIALS_FILE")
            .map(Path::of)
            .orElse(home.resolve(".aws/credentials"));
    Map<String, String> keys = section(file, profile);
    return of(
        new Found(
            said(keys, "aws_access_key_id"),
            said(keys, "aws_secret_access_key"),
            said(keys, "aws_session_token")),
        said(keys, "region").orElse(region),
        "profile %s of %s".formatted(profile, file));
  }

  /// What one place says, whole or not.
  private record Found(Optional<String> id, Optional<String> secret, Optional<String> session) {}

  private static Optional<S3Keys> of(Found found, String region, String source) {
    return found.id().isEmpty() || found.secret().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new S3Keys(
                found.id().get(),
                new Secret(found.secret().get()),
                found.session().map(Secret::new),
                region,
                source));
  }

  private static Optional<String> said(Map<String, String> from, String name) {
    return Optional.of(from.getOrDefault(name, "").strip()).filter(text -> !text.isEmpty());
  }

  /// The settings under `[name]`; none where the file cannot be read.
  private static Map<String, String> section(Path file, String name) {
    Map<String, String> settings = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : lines(file)) {
      String bare = line.strip();
      if (bare.startsWith("[")) {
        inside = bare.replaceAll("[\\[\\]]", "").strip().equals(name);
      } else if (inside && bare.indexOf('=') > 0 && !bare.startsWith("#")) {
        int equals = bare.indexOf('=');
        settings.put(bare.substring(0, equals).strip(), bare.substring(equals + 1).strip());
      }
    }
    return settings;
  }

  private static Iterable<String> lines(Path file) {
    try {
      return Files.size(file) > MAX_BYTES
          ? java.util.List.of()
          : Files.readString(file).lines().toList();
    } catch (IOException e) {
      return java.util.List.of();
    }
  }
}
