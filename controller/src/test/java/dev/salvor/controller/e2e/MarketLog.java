package dev.salvor.controller.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the marketplace itself wrote down: the other side's word of what was done there.
record MarketLog(Path file) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// One line; instance 0 is about none.
  record Entry(Instant time, String kind, long instance, JsonNode detail) {}

  List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (!Files.exists(file)) {
      return entries;
    }
    String text = Files.readString(file);
    // The last line may be half written.
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      JsonNode json = JSON.readTree(line);
      entries.add(
          new Entry(
              Instant.parse(json.path("time").asText()),
              json.path("kind").asText(),
              json.path("instance").asLong(),
              json.path("detail")));
    }
    return entries;
  }

  List<Entry> of(String kind) throws IOException {
    return entries().stream().filter(entry -> entry.kind().equals(kind)).toList();
  }

  boolean has(String kind) throws IOException {
    return !of(kind).isEmpty();
  }

  /// Whether an instance has ever run.
  boolean ran() throws IOException {
    return of("status").stream().anyMatch(e -> e.detail().path("to").asText().equals("running"));
  }

  /// Generation to instances: the label of a rental is salvor:FLEET:RUN:GENERATION:ATTEMPT.
  Map<Integer, List<Long>> rented() throws IOException {
    return of("create").stream()
        .collect(
            Collectors.groupingBy(
                entry -> Integer.parseInt(entry.detail().path("label").asText().split(":", -1)[3]),
                TreeMap::new,
                Collectors.mapping(Entry::instance, Collectors.toList())));
  }
}
