package dev.salvor.controller.provider.vast;

import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The account's key, from where the platform's own client has it.
///
/// @param source for messages: which variable or file it came from
public record VastKey(Secret key, String source) {
  /// Where the platform's own client looks for the address.
  private static final String URL = "VAST_URL";

  private static final String KEY = "VAST_API_KEY";

  /// A key is a line; what is longer is some other file.
  private static final long MAX_BYTES = 4096;

  /// From `VAST_API_KEY`, else from the client's own files: the one of a session with a second
  /// factor, the usual one, the old one. Empty if there is none.
  public static Optional<VastKey> find(Map<String, String> env, String home) {
    String given = env.getOrDefault(KEY, "").strip();
    if (!given.isEmpty()) {
      return Optional.of(new VastKey(new Secret(given), KEY));
    }
    String config = env.getOrDefault("XDG_CONFIG_HOME", "");
    Path dir = (config.isEmpty() ? Path.of(home, ".config") : Path.of(config)).resolve("vastai");
    List<Path> files =
        List.of(
            dir.resolve("vast_tfa_key"),
            dir.resolve("vast_api_key"),
            Path.of(home, ".vast_api_key"));
    return files.stream().flatMap(file -> read(file).stream()).findFirst();
  }

  /// Where the platform is: `VAST_URL`, else its own address.
  public static String url(Map<String, String> env) {
    String given = env.getOrDefault(URL, "").strip();
    return given.isEmpty() ? VastConfig.PLATFORM_URL : given;
  }

  private static Optional<VastKey> read(Path file) {
    try {
      String text = Files.size(file) > MAX_BYTES ? "" : Files.readString(file).strip();
      return text.isEmpty() || text.contains("\n")
          ? Optional.empty()
          : Optional.of(new VastKey(new Secret(text), file.toString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
