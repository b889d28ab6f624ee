package dev.salvor.controller.cargo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A unit as manifest.json beside its data.
final class UnitJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private UnitJson() {}

  static byte[] write(Unit unit) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("generation", unit.id().generation());
    node.put("boot", unit.id().boot());
    node.put("capture_seq", unit.id().captureSeq());
    node.put("manifest_digest", unit.id().manifestDigest().hex());
    node.put("kind", unit.kind().name());
    node.put("format", unit.format());
    node.put("step", unit.step());
    node.put("completeness", unit.completeness().name());
    node.put("written_at", unit.writtenAt().toString());
    node.put("root", unit.manifest().root());
    ArrayNode files = node.putArray("files");
    for (FileEntry file : unit.manifest().files()) {
      ObjectNode entry = files.addObject();
      entry.put("path", file.path());
      entry.put("size", file.size());
      entry.put("sha256", file.digest().hex());
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }

  /// A file that is no valid unit is an IOException that says so.
  static Unit read(byte[] json) throws IOException {
    JsonNode node = JSON.readTree(json);
    try {
      List<FileEntry> files = new ArrayList<>();
      for (JsonNode file : node.path("files")) {
        files.add(
            new FileEntry(
                file.path("path").asText(),
                file.path("size").asLong(-1),
                new Sha256(file.path("sha256").asText())));
      }
      UnitId id =
          new UnitId(
              node.path("generation").asInt(),
              node.path("boot").asInt(),
              node.path("capture_seq").asLong(),
              new Sha256(node.path("manifest_digest").asText()));
      return new Unit(
          id,
          UnitKind.valueOf(node.path("kind").asText()),
          node.path("format").asText(),
          node.path("step").asLong(),
          Completeness.valueOf(node.path("completeness").asText()),
          new Manifest(node.path("root").asText(), files),
          Instant.parse(node.path("written_at").asText()));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IOException("Not a unit's manifest.json: " + e.getMessage(), e);
    }
  }

  static byte[] sums(Map<String, String> sums) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new TreeMap<>(sums));
  }

  /// Nothing is an empty map.
  static Map<String, String> sums(byte[] json) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    if (json.length > 0) {
      JSON.readTree(json).properties().forEach(e -> sums.put(e.getKey(), e.getValue().asText()));
    }
    return sums;
  }
}
