package dev.salvor.controller.main;

import dev.salvor.common.disk.Durable;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.AccountKey;
import dev.salvor.controller.desk.StateDir;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/// The users' secrets, a file a run, for the owner's eyes only. The journal holds their names; what
/// they are goes from here to the box by its link.
final class SecretBook {
  private final Path directory;
  private final Optional<Secret> account;

  SecretBook(Path stateDir) {
    this(stateDir, Optional.empty());
  }

  /// @param account the key of the account, which is nobody's secret to hand on
  SecretBook(Path stateDir, Optional<Secret> account) {
    this.directory = stateDir.resolve("secrets");
    this.account = account;
  }

  void keep(RunId run, Map<String, Secret> secrets) throws IOException {
    if (secrets.isEmpty()) {
      return;
    }
    for (Map.Entry<String, Secret> one : secrets.entrySet()) {
      String value = one.getValue().reveal();
      if (account.filter(key -> AccountKey.isIn(key, value)).isPresent()) {
        throw new IOException(
            "%s holds the account's own key at the platform, which no box is given: leave it out"
                .formatted(one.getKey()));
      }
    }
    Properties file = new Properties();
    secrets.forEach((name, secret) -> file.setProperty(name, secret.reveal()));
    StringWriter text = new StringWriter();
    file.store(text, null);
    Files.createDirectories(directory);
    StateDir.closeToOthers(directory);
    Durable.replace(file(run), text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /// Throws where one of the names has no secret: a job without it would fail in its own words.
  Map<String, Secret> of(RunId run, List<String> names) throws IOException {
    if (names.isEmpty()) {
      return Map.of();
    }
    Map<String, Secret> secrets = known(run, names);
    for (String name : names) {
      if (!secrets.containsKey(name)) {
        throw new IOException(
            "the secret %s of run %s is not in %s any more: start the run again with it"
                .formatted(name, run, file(run)));
      }
    }
    return secrets;
  }

  /// Those of these names that the user handed on; no more than that.
  Map<String, Secret> known(RunId run, List<String> names) throws IOException {
    Properties file = read(run);
    Map<String, Secret> secrets = new HashMap<>();
    for (String name : names) {
      String value = file.getProperty(name, "");
      if (!value.isBlank()) {
        secrets.put(name, new Secret(value));
      }
    }
    return secrets;
  }

  /// Of which runs secrets lie here.
  List<RunId> runs() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).flatMap(SecretBook::run).toList();
    }
  }

  /// A file that is being replaced has no run's name.
  private static Stream<RunId> run(String name) {
    try {
      return Stream.of(new RunId(name));
    } catch (IllegalArgumentException _) {
      return Stream.empty();
    }
  }

  /// Nobody needs them any more.
  void forget(RunId run) throws IOException {
    Files.deleteIfExists(file(run));
  }

  private Properties read(RunId run) throws IOException {
    Properties file = new Properties();
    if (Files.exists(file(run))) {
      file.load(new StringReader(Files.readString(file(run))));
    }
    return file;
  }

  private Path file(RunId run) {
    return directory.resolve(run.value());
  }
}
