package dev.salvor.controller.cargo;

import static dev.salvor.controller.cargo.Cargoes.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.core.TargetPlace;
import dev.salvor.controller.testing.S3Server;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A box without a key puts parts into a real S3 server, by signed addresses.
final class S3StraightTest {
  @TempDir static Path place;
  private static S3Server server;

  @TempDir Path staging;

  private final TreeMap<String, byte[]> files =
      new TreeMap<>(
          Map.of(
              "large model.bin", Cargoes.noise(3, (32 << 20) + 77),
              "small.bin", Cargoes.noise(4, 5000),
              "empty", new byte[0]));
  private final Unit unit = Cargoes.unit(1, files);
  private String etag = "";

  @BeforeAll
  static void serve() throws Exception {
    server = S3Server.start(place);
  }

  @AfterAll
  static void end() {
    if (server != null) {
      server.close();
    }
  }

  private Target target(String prefix) {
    S3Keys keys =
        new S3Keys(S3Server.KEY_ID, new Secret(S3Server.KEY), Optional.empty(), "", "the test");
    return S3Target.of(
        (TargetPlace.Bucket) TargetPlace.parse(server.target(prefix)),
        keys,
        InstantSource.system());
  }

  private Straight open(Target target) throws CargoException {
    return target.straight(RUN).orElseThrow().open(staging.resolve("u"), RUN, unit, Cargoes::prove);
  }

  @Test
  void parts_put_by_signed_addresses_land_and_a_broken_copy_goes_on_at_the_part() throws Exception {
    Target target = target("resumed");
    try (Straight way = open(target)) {
      assertThat(send(way, files, 2)).isEqualTo(2);
      assertThat(way.settle()).isInstanceOf(Landing.Again.class);
    }
    try (Straight way = open(target)) {
      assertThat(send(way, files, 100)).isEqualTo(3);
      assertThat(way.settle()).isInstanceOf(Landing.Landed.class);
    }
    assertThat(staging.resolve("u")).doesNotExist();
    assertThat(target.units(RUN)).containsExactly(unit);
    assertThat(target.stillThere(RUN, unit.id(), unit.manifest(), Target.Look.DIGESTS)).isTrue();
    assertThat(((S3Target) target).store().uploads("resumed/")).isEmpty();
  }

  @Test
  void other_bytes_than_the_manifests_get_no_receipt_and_are_not_kept() throws Exception {
    Target target = target("bent");
    var bent = new TreeMap<>(files);
    byte[] other = Cargoes.content(files, "small.bin").clone();
    other[7] ^= 1;
    bent.put("small.bin", other);
    try (Straight way = open(target)) {
      send(way, bent, 100);
      assertThat(way.settle())
          .isInstanceOfSatisfying(
              Landing.Refused.class, no -> assertThat(no.reason()).contains("small.bin"));
    }
    assertThat(target.units(RUN)).isEmpty();
    assertThat(server.object("bent/demo/" + unit.id() + "/data/small.bin")).doesNotExist();
  }

  @Test
  void an_address_is_good_for_its_part_and_nothing_else() throws Exception {
    try (Straight way = open(target("misused"))) {
      byte[] small = Cargoes.content(files, "small.bin");
      Straight.Slot slot = way.slot(2, 1, Sha256.of(small));
      String elsewhere = slot.url().replace("small.bin", "other.bin");
      assertThat(put(new Straight.Slot(false, elsewhere, slot.headers()), small)).isEqualTo(403);
      assertThat(put(slot, Arrays.copyOf(small, small.length + 1))).isEqualTo(403);
      assertThat(slot.url()).doesNotContain(S3Server.KEY);
      assertThat(put(slot, small)).isEqualTo(200);
    }
  }

  /// A host that keeps an address cannot change what has a receipt, though the store keeps no
  /// checksums.
  @Test
  void an_address_changes_nothing_once_its_file_is_home() throws Exception {
    Target target = target("late");
    byte[] small = Cargoes.content(files, "small.bin");
    try (Straight way = open(target)) {
      Straight.Slot kept = way.slot(2, 1, Sha256.of(small));
      send(way, files, 100);
      assertThat(way.settle()).isInstanceOf(Landing.Landed.class);
      byte[] other = small.clone();
      other[7] ^= 1;
      // A store may take the part of an upload that is over, and has no use for it.
      assertThat(put(kept, other)).isPositive();
    }
    assertThat(target.stillThere(RUN, unit.id(), unit.manifest(), Target.Look.DIGESTS)).isTrue();
  }

  @Test
  void parts_that_no_honest_box_names_are_refused() throws Exception {
    try (Straight way = open(target("hostile"))) {
      Sha256 any = Sha256.of(new byte[0]);
      for (List<Integer> part : List.of(List.of(-1, 1), List.of(9, 1), List.of(0, 0))) {
        assertThatThrownBy(() -> way.slot(part.getFirst(), part.getLast(), any))
            .hasMessageContaining("No part");
      }
      assertThatThrownBy(() -> way.put(0, 1, "x")).hasMessageContaining("not asked for");
    }
  }

  /// As a box does; how many parts were put.
  private int send(Straight way, Map<String, byte[]> content, int most) throws Exception {
    int sent = 0;
    List<FileEntry> entries = way.unit().manifest().files();
    for (int file = 0; file < entries.size(); file++) {
      byte[] bytes = Cargoes.content(content, entries.get(file).path());
      int size = Math.toIntExact(way.partSizes().get(file));
      int count = Math.max(1, (bytes.length + size - 1) / size);
      for (int number = 1; number <= count && sent < most; number++) {
        byte[] part =
            Arrays.copyOfRange(bytes, (number - 1) * size, Math.min(bytes.length, number * size));
        Straight.Slot slot = way.slot(file, number, Sha256.of(part));
        if (!slot.held()) {
          assertThat(put(slot, part)).isEqualTo(200);
          way.put(file, number, etag);
          sent++;
        }
      }
    }
    return sent;
  }

  private int put(Straight.Slot slot, byte[] bytes) throws IOException {
    var call = (HttpURLConnection) URI.create(slot.url()).toURL().openConnection();
    call.setRequestMethod("PUT");
    call.setDoOutput(true);
    call.setFixedLengthStreamingMode(bytes.length);
    slot.headers().forEach(call::setRequestProperty);
    try (OutputStream out = call.getOutputStream()) {
      out.write(bytes);
    }
    int status = call.getResponseCode();
    etag = Optional.ofNullable(call.getHeaderField("ETag")).orElse("");
    call.disconnect();
    return status;
  }
}
