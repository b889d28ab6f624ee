package dev.salvor.controller.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.checkpoint.FileDigest;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Receipts as signed JSON. The signature is over the canonical form: keys sorted, no white space,
/// without the signature itself.
public final class Receipts {
  private static final String SIGNATURE = "signature";

  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private Receipts() {}

  /// Whether a stored receipt can be believed.
  public sealed interface Check {
    /// Signed by the key, and the data beside it is what it names.
    record Valid(String unit, long step, int files) implements Check {}

    /// Not to be believed, and why.
    record Refused(String reason) implements Check {}
  }

  /// The receipt's text, signed, as it is to be stored.
  public static String write(Receipt receipt, ReceiptKey key) throws IOException {
    ObjectNode node = node(receipt);
    byte[] signature = key.sign(canonical(node));
    node.put(SIGNATURE, "ed25519:" + Base64.getEncoder().encodeToString(signature));
    return CANONICAL.writerWithDefaultPrettyPrinter().writeValueAsString(sorted(node));
  }

  private static ObjectNode node(Receipt receipt) {
    Unit unit = receipt.unit();
    ObjectNode node = CANONICAL.createObjectNode();
    node.put("version", 1);
    node.put("run", receipt.run().value());
    node.put("rental", receipt.rental());
    node.put("unit", unit.id().toString());
    node.put("generation", unit.id().generation());
    node.put("boot", unit.id().boot());
    node.put("capture_seq", unit.id().captureSeq());
    node.put("manifest_digest", unit.id().manifestDigest().hex());
    node.put("kind", unit.kind().name());
    node.put("step", unit.step());
    node.put("format", unit.format());
    node.put("completeness", unit.completeness().name());
    node.put("target", receipt.target());
    node.put("verdict", receipt.proof().verdict().name());
    node.put("time", receipt.time().toString());
    strings(node.putArray("checks"), receipt.proof().checks());
    strings(node.putArray("imports"), receipt.proof().imports());
    strings(node.putArray("notes"), receipt.proof().reasons());
    ArrayNode files = node.putArray("files");
    for (FileEntry file : unit.manifest().files()) {
      ObjectNode entry = files.addObject();
      entry.put("path", file.path());
      entry.put("size", file.size());
      entry.put("sha256", file.digest().hex());
    }
    return node;
  }

  private static void strings(ArrayNode into, List<String> values) {
    values.forEach(into::add);
  }

  /// Checks the signature, then the data directory beside the receipt, byte by byte.
  public static Check verify(Path receipt, PublicKey key) throws IOException {
    JsonNode parsed;
    try {
      parsed = CANONICAL.readTree(Files.readAllBytes(receipt));
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      return new Check.Refused("Not JSON: " + e.getOriginalMessage());
    }
    if (!(parsed instanceof ObjectNode node) || !isSigned(node, key)) {
      return new Check.Refused("Not signed by this controller's key: " + receipt);
    }
    Path data = receipt.resolveSibling("data");
    List<String> wrong = new ArrayList<>();
    Map<String, Path> there = files(data);
    for (JsonNode file : node.path("files")) {
      String path = file.path("path").asText();
      Path found = there.remove(path);
      if (found == null || !matches(found, file)) {
        wrong.add(path);
      }
    }
    wrong.addAll(there.keySet());
    return wrong.isEmpty()
        ? new Check.Valid(
            node.path("unit").asText(), node.path("step").asLong(), node.path("files").size())
        : new Check.Refused("Not the bytes that were receipted: " + String.join(", ", wrong));
  }

  private static boolean isSigned(ObjectNode node, PublicKey key) throws IOException {
    String text = node.path(SIGNATURE).asText();
    if (!text.startsWith("ed25519:")) {
      return false;
    }
    ObjectNode unsigned = node.deepCopy();
    unsigned.remove(SIGNATURE);
    try {
      byte[] signature = Base64.getDecoder().decode(text.substring("ed25519:".length()));
      return ReceiptKey.isSigned(canonical(unsigned), signature, key);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean matches(Path found, JsonNode file) throws IOException {
    return Files.isRegularFile(found, LinkOption.NOFOLLOW_LINKS)
        && Files.size(found) == file.path("size").asLong(-1)
        && FileDigest.of(found).hex().equals(file.path("sha256").asText());
  }

  private static Map<String, Path> files(Path data) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    if (!Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS)) {
      return files;
    }
    try (Stream<Path> tree = Files.walk(data)) {
      tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .forEach(path -> files.put(data.relativize(path).toString(), path));
    }
    return files;
  }

  private static byte[] canonical(ObjectNode node) throws IOException {
    return CANONICAL.writeValueAsBytes(sorted(node));
  }

  /// As maps, whose keys the mapper sorts at every depth.
  private static Object sorted(ObjectNode node) {
    return CANONICAL.convertValue(node, Object.class);
  }
}
