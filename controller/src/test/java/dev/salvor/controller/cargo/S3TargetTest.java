package dev.salvor.controller.cargo;

import static dev.salvor.controller.cargo.Cargoes.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.TargetPlace;
import dev.salvor.controller.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Against a real S3 server, which checks each signature.
final class S3TargetTest implements TargetContract {
  @TempDir static Path place;
  private static S3Server server;

  private String prefix = "";

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

  @BeforeEach
  void own(TestInfo test) {
    prefix = "kept/" + Integer.toHexString(test.getDisplayName().hashCode());
  }

  private static S3Keys keys(String secret) {
    return new S3Keys(S3Server.KEY_ID, new Secret(secret), Optional.empty(), "", "the test");
  }

  private TargetPlace.Bucket bucket() {
    return (TargetPlace.Bucket) TargetPlace.parse(server.target(prefix));
  }

  @Override
  public Target target() {
    return S3Target.of(bucket(), keys(S3Server.KEY), InstantSource.system());
  }

  @Override
  public void damage(RunId run, Unit unit, String path) throws Exception {
    Cargoes.bend(server.object(prefix + "/" + run + "/" + unit.id() + "/data/" + path));
  }

  @Test
  void a_receipt_says_how_it_is_known_what_the_store_has(@TempDir Path temp) throws Exception {
    Unit unit = Cargoes.unit(1, Cargoes.files());
    Path data = temp.resolve("data");
    Cargoes.write(data, Cargoes.files());
    List<String> words = new ArrayList<>();
    target()
        .land(
            RUN,
            unit,
            new Staged(data, false),
            (r, u, staged, p) -> {
              words.add(staged.stored());
              return Cargoes.prove(r, u, staged, p);
            });
    // This store answers that it keeps no checksums.
    assertThat(words).containsExactly(S3Target.READ_BACK);
  }

  @Test
  void a_file_in_parts_is_one_object_and_leaves_no_parts(@TempDir Path temp) throws Exception {
    byte[] large = Cargoes.noise(7, (16 << 20) + 4321);
    var files = new TreeMap<>(Map.of("model large.bin", large, "ü+&=.txt", new byte[] {1}));
    Unit unit = Cargoes.unit(1, files);
    Path data = temp.resolve("data");
    Cargoes.write(data, files);
    S3Target target = (S3Target) target();
    assertThat(target.land(RUN, unit, new Staged(data, false), Cargoes::prove))
        .isInstanceOf(Landing.Landed.class);
    assertThat(target.stillThere(RUN, unit.id(), unit.manifest(), Target.Look.DIGESTS)).isTrue();
    try (var in = target.read(RUN, unit.id(), "model large.bin")) {
      assertThat(in.readAllBytes()).isEqualTo(large);
    }
    assertThat(target.store().uploads(prefix + "/")).isEmpty();
  }

  @Test
  void uploads_that_were_broken_off_are_ended_at_the_next_landing(@TempDir Path temp)
      throws Exception {
    Unit unit = Cargoes.unit(1, Cargoes.files());
    Path data = temp.resolve("data");
    Cargoes.write(data, Cargoes.files());
    S3Target target = (S3Target) target();
    target
        .store()
        .begin(S3Target.dataKey(target.key(RUN, unit.id()), unit.manifest().files().get(1)));
    assertThat(target.store().uploads(prefix + "/")).hasSize(1);
    target.land(RUN, unit, new Staged(data, false), Cargoes::prove);
    assertThat(target.store().uploads(prefix + "/")).isEmpty();
  }

  @Test
  void what_has_no_receipt_yet_is_not_there(@TempDir Path temp) throws Exception {
    Unit unit = Cargoes.unit(1, Cargoes.files());
    Path data = temp.resolve("data");
    Cargoes.write(data, Cargoes.files());
    target().land(RUN, unit, new Staged(data, false), Cargoes::prove);
    Files.delete(server.object(prefix + "/demo/" + unit.id() + "/receipt.json"));
    assertThat(target().units(RUN)).isEmpty();
    assertThat(target().stillThere(RUN, unit.id(), unit.manifest(), Target.Look.SIZES)).isFalse();
    assertThat(target().land(RUN, unit, new Staged(data, false), Cargoes::prove))
        .isInstanceOf(Landing.Landed.class);
  }

  @Test
  void a_wrong_key_and_a_bucket_that_is_not_there_are_told_in_words() {
    Target wrong = S3Target.of(bucket(), keys("wrong-key"), InstantSource.system());
    assertThatThrownBy(() -> wrong.units(RUN))
        .isInstanceOfSatisfying(CargoException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("key from the test")
        .hasMessageNotContaining("wrong-key");
    TargetPlace.Bucket none = new TargetPlace.Bucket("none-such", "p", server.endpoint(), "");
    Target nowhere = S3Target.of(none, keys(S3Server.KEY), InstantSource.system());
    assertThatThrownBy(() -> nowhere.units(RUN)).hasMessageContaining("no bucket none-such");
  }

  @Test
  void a_clock_that_is_far_off_is_told() {
    InstantSource late = () -> InstantSource.system().instant().minus(Duration.ofHours(2));
    Target target = S3Target.of(bucket(), keys(S3Server.KEY), late);
    assertThatThrownBy(() -> target.units(RUN)).hasMessageContaining("clock");
  }
}
