package dev.salvor.agent.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileDigest;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.PartAsk;
import dev.salvor.proto.v1.PartPut;
import dev.salvor.proto.v1.Slot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A box puts parts into a store that can be told to fail.
final class StraightOutTest implements StraightOut.Line {
  private static final long PART = 3000;

  @TempDir Path place;
  private final HttpServer store;
  private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
  private final Deque<Integer> answers = new ArrayDeque<>();
  private final List<PartAsk> asked = new ArrayList<>();
  private final List<PartPut> put = new ArrayList<>();
  private String held = "";
  private String address = "";
  private byte[] large = new byte[0];

  StraightOutTest() throws IOException {
    store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() throws IOException {
    store.createContext("/", this::take);
    store.start();
    address = "http://127.0.0.1:" + store.getAddress().getPort();
    large = new byte[7000];
    new Random(5).nextBytes(large);
    Files.write(place.resolve("large"), large);
    Files.createFile(place.resolve("nothing"));
  }

  @AfterEach
  void end() {
    store.stop(0);
  }

  private void take(HttpExchange call) throws IOException {
    byte[] body = call.getRequestBody().readAllBytes();
    Integer told = answers.poll();
    int status = told == null ? 200 : told;
    if (status == 200) {
      stored.put(
          call.getRequestURI().getPath() + call.getRequestHeaders().getFirst("x-part"), body);
    }
    call.getResponseHeaders().set("ETag", "\"e" + stored.size() + "\"");
    call.sendResponseHeaders(status, -1);
    call.close();
  }

  @Override
  public void send(CargoUp.Builder message) {
    if (message.hasAsk()) {
      asked.add(message.getAsk());
    } else {
      put.add(message.getPut());
    }
  }

  @Override
  public CargoDown answer() {
    PartAsk ask = asked.getLast();
    String name = ask.getFile() + "/" + ask.getNumber();
    return CargoDown.newBuilder()
        .setSlot(
            Slot.newBuilder()
                .setHeld(name.equals(held))
                .setUrl(address + "/" + name)
                .putHeaders("x-part", "-signed")
                .putHeaders("content-length", "7"))
        .build();
  }

  private StraightOut out() throws IOException {
    List<FileEntry> files = new ArrayList<>();
    for (String name : List.of("large", "nothing")) {
      Path file = place.resolve(name);
      files.add(new FileEntry(name, Files.size(file), FileDigest.of(file)));
    }
    Manifest manifest = new Manifest("/work/ckpt", files);
    Unit unit =
        new Unit(
            new UnitId(1, 1, 1, manifest.digest()),
            UnitKind.CHECKPOINT,
            "files",
            7,
            Completeness.COMMITTED,
            manifest,
            Instant.EPOCH);
    return new StraightOut(unit, place, this);
  }

  @Test
  void every_part_is_put_with_its_headers_and_named_by_its_digest() throws Exception {
    out().run(List.of(PART, PART));
    assertThat(stored.keySet())
        .containsExactlyInAnyOrder("/0/1-signed", "/0/2-signed", "/0/3-signed", "/1/1-signed");
    assertThat(stored.get("/0/3-signed")).isEqualTo(Arrays.copyOfRange(large, 6000, 7000));
    assertThat(asked.getFirst().getSha256().toByteArray())
        .isEqualTo(Sha256.of(Arrays.copyOf(large, 3000)).bytes());
    assertThat(put).hasSize(4).allSatisfy(p -> assertThat(p.getEtag()).startsWith("\"e"));
  }

  @Test
  void what_is_there_is_not_put_and_a_store_that_is_busy_is_asked_again() throws Exception {
    held = "0/2";
    answers.add(503);
    out().run(List.of(PART, PART));
    assertThat(stored.keySet())
        .containsExactlyInAnyOrder("/0/1-signed", "/0/3-signed", "/1/1-signed");
    // An address may have lapsed meanwhile: it is asked for anew.
    assertThat(asked).hasSize(5);
  }

  @Test
  void a_store_that_says_no_ends_the_copy() {
    answers.add(403);
    assertThatThrownBy(() -> out().run(List.of(PART, PART)))
        .isInstanceOf(CarryException.class)
        .hasMessageContaining("The store answered 403");
    assertThat(put).isEmpty();
  }

  @Test
  void an_address_of_another_kind_is_not_followed() {
    address = "file:/etc";
    assertThatThrownBy(() -> out().run(List.of(PART, PART))).hasMessageContaining("no address");
  }
}
