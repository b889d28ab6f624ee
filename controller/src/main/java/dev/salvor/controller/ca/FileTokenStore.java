package dev.salvor.controller.ca;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Token rows as one small file each; there are as many as rentals. One process has the directory.
public final class FileTokenStore implements TokenStore {
  private static final String SUFFIX = ".json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OwnerFiles files;
  private final Map<Sha256, TokenRow> rows;

  private FileTokenStore(OwnerFiles files, Map<Sha256, TokenRow> rows) {
    this.files = files;
    this.rows = rows;
  }

  /// Reads every row there is. A write that a crash cut short counts as never begun.
  public static FileTokenStore open(Path dir) throws CaException {
    OwnerFiles files = OwnerFiles.at(dir);
    Map<Sha256, TokenRow> rows = new LinkedHashMap<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(dir, "*" + SUFFIX)) {
      for (Path each : found) {
        TokenRow row = read(each, files.read(each.getFileName().toString()));
        rows.put(row.hash(), row);
      }
    } catch (IOException e) {
      throw OwnerFiles.unreadable("read", dir, e);
    }
    return new FileTokenStore(files, rows);
  }

  @Override
  public synchronized Optional<TokenRow> find(Sha256 hash) {
    return Optional.ofNullable(rows.get(hash));
  }

  @Override
  public synchronized List<TokenRow> all() {
    return List.copyOf(rows.values());
  }

  @Override
  public synchronized void add(TokenRow row) throws CaException {
    if (rows.containsKey(row.hash())) {
      throw new IllegalArgumentException("A token twice");
    }
    keep(row);
  }

  @Override
  public synchronized boolean swap(TokenRow expected, TokenRow next) throws CaException {
    if (!expected.equals(rows.get(expected.hash()))) {
      return false;
    }
    keep(next);
    return true;
  }

  @Override
  public synchronized void remove(Sha256 hash) throws CaException {
    files.delete(hash.hex() + SUFFIX);
    rows.remove(hash);
  }

  private void keep(TokenRow row) throws CaException {
    files.write(row.hash().hex() + SUFFIX, write(row).getBytes(StandardCharsets.UTF_8));
    rows.put(row.hash(), row);
  }

  private static String write(TokenRow row) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("hash", row.hash().hex());
    fields.put("identity", row.identity().uri());
    switch (row.state()) {
      case TokenRow.Armed armed -> fields.put("armedUntil", armed.until().toString());
      case TokenRow.Used used -> {
        fields.put("usedBy", used.key().hex());
        fields.put("usedAt", used.at().toString());
        fields.put("acknowledged", Long.toString(used.sequence().acknowledged()));
        fields.put("issued", Long.toString(used.sequence().issued()));
      }
      case TokenRow.Quarantined quarantined -> {
        fields.put("quarantined", quarantined.key().hex());
        fields.put("quarantinedAt", quarantined.at().toString());
      }
    }
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Strings have a JSON form", e);
    }
  }

  private static TokenRow read(Path path, byte[] content) throws CaException {
    try {
      JsonNode fields = JSON.readTree(content);
      Identity identity = Identity.parse(text(fields, "identity")).orElseThrow();
      return new TokenRow(new Sha256(text(fields, "hash")), identity, state(fields));
    } catch (IOException | RuntimeException e) {
      throw new CaException(
          CaException.Kind.DAMAGED,
          ("Cannot read the join token %s: %s. Delete the file: its box can then not enrol by that"
                  + " token any more.")
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private static TokenRow.State state(JsonNode fields) {
    if (fields.has("quarantined")) {
      return new TokenRow.Quarantined(
          new Sha256(text(fields, "quarantined")), Instant.parse(text(fields, "quarantinedAt")));
    }
    if (!fields.has("usedBy")) {
      return new TokenRow.Armed(Instant.parse(text(fields, "armedUntil")));
    }
    JoinSequence sequence =
        new JoinSequence(
            Long.parseLong(text(fields, "acknowledged")), Long.parseLong(text(fields, "issued")));
    return new TokenRow.Used(
        new Sha256(text(fields, "usedBy")), Instant.parse(text(fields, "usedAt")), sequence);
  }

  private static String text(JsonNode fields, String name) {
    return fields.required(name).asText();
  }
}
