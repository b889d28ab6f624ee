package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// What happened in the market, one JSON line each, on disk before anybody is answered.
public final class MarketLog {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final int MAX_LINES = 1000;

  private final Path file;
  private final ObjectMapper json = new ObjectMapper();

  public MarketLog(Path stateDir) {
    this.file = stateDir.resolve("market.jsonl");
  }

  public Path file() {
    return file;
  }

  /// The last lines about one instance; bounded, since it is read back whole.
  synchronized String of(long instance) {
    String mark = "\"instance\":" + instance + ",";
    try (var lines = Files.lines(file)) {
      var found = lines.filter(line -> line.contains(mark)).toList();
      return String.join("\n", found.subList(Math.max(0, found.size() - MAX_LINES), found.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  static ObjectNode detail() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// Appends one line; `instance` 0 is about none.
  synchronized void append(long atMs, String kind, long instance, ObjectNode detail) {
    var line = JsonNodeFactory.instance.objectNode();
    line.put("time", TIME.format(Instant.ofEpochMilli(atMs))).put("kind", kind);
    if (instance > 0) {
      line.put("instance", instance);
    }
    line.set("detail", detail);
    try {
      Files.writeString(
          file,
          json.writeValueAsString(line) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
