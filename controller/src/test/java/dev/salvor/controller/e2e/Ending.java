package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.controller.verify.ReceiptKey;
import dev.salvor.controller.verify.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What a story must have come to, told by what lies on the disk afterwards and by the market's own
/// log.
///
/// @param cargo where the copies lie
record Ending(Place place, Path cargo) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Ending(Place place) {
    this(place, place.state().resolve("cargo"));
  }

  /// A receipt as it is stored, and the directory that it speaks of.
  record Stored(Path directory, JsonNode json) {
    int generation() {
      return json.path("generation").asInt();
    }

    boolean checkpoint() {
      return json.path("kind").asText().equals("CHECKPOINT");
    }

    long step() {
      return json.path("step").asLong();
    }

    Instant time() {
      return Instant.parse(json.path("time").asText());
    }

    /// The copied files, as they lie there.
    List<Path> files() throws IOException {
      try (Stream<Path> all = Files.walk(directory.resolve("data"))) {
        return all.filter(Files::isRegularFile).toList();
      }
    }
  }

  List<Stored> stored() throws IOException {
    List<Stored> stored = new ArrayList<>();
    Path run = cargo.resolve("demo");
    if (!Files.exists(run)) {
      return stored;
    }
    try (Stream<Path> units = Files.list(run)) {
      // What is still being written down has another name.
      for (Path unit : units.filter(Ending::stands).sorted().toList()) {
        stored.add(new Stored(unit, JSON.readTree(unit.resolve("receipt.json").toFile())));
      }
    }
    return stored;
  }

  private static boolean stands(Path unit) {
    return !unit.getFileName().toString().startsWith(".");
  }

  /// Every unit that came home has a receipt that verifies by the public key, over its bytes.
  Ending receiptsVerify() throws IOException {
    PublicKey key = ReceiptKey.readPublic(place.state().resolve("receipt-key.pub.pem"));
    for (Stored stored : stored()) {
      assertThat(Receipts.verify(stored.directory().resolve("receipt.json"), key))
          .isInstanceOf(Receipts.Check.Valid.class);
    }
    return this;
  }

  /// Every rental was rented once a generation, and given back after the last receipt of its cargo.
  Ending rentedOnceAndGivenBackAfterItsReceipts() throws IOException {
    MarketLog market = place.market();
    Map<Integer, List<Long>> rented = market.rented();
    assertThat(rented).isNotEmpty().allSatisfy((_, instances) -> assertThat(instances).hasSize(1));
    List<MarketLog.Entry> destroyed = market.of("destroy");
    assertThat(destroyed.stream().map(MarketLog.Entry::instance))
        .containsExactlyInAnyOrderElementsOf(
            rented.values().stream().flatMap(List::stream).toList());
    for (MarketLog.Entry destroy : destroyed) {
      for (Stored stored : stored()) {
        if (rented.getOrDefault(stored.generation(), List.of()).contains(destroy.instance())) {
          // The market's log knows milliseconds.
          assertThat(destroy.time().plusMillis(1)).isAfterOrEqualTo(stored.time());
        }
      }
    }
    return this;
  }

  /// The copied files are those that somebody else saw on the box's disk.
  Ending filesAreWhatTheJobWrote(Witness witness) throws IOException {
    Map<Integer, List<Long>> rented = place.market().rented();
    for (Stored stored : stored()) {
      long instance = rented.getOrDefault(stored.generation(), List.of()).getFirst();
      Map<String, Set<String>> written = witness.on(instance);
      for (Path file : stored.files()) {
        String digest = Witness.sha256(file);
        String name = file.getFileName().toString();
        String step = stored.checkpoint() ? "%08d".formatted(stored.step()) : "work/";
        assertThat(written)
            .as(file + " as seen on instance " + instance)
            .anySatisfy((path, digests) -> {
              assertThat(path).endsWith(name).contains(step);
              assertThat(digests).contains(digest);
            });
      }
    }
    return this;
  }

  void nothingIsLeft() throws Exception {
    place.assertNothingLeft();
  }
}
