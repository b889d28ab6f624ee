package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import dev.salvor.controller.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose copies go from its box straight into a bucket.
class BucketE2e {
  private static final String KEPT = "kept";

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env").forEach(Needs::tool);
  }

  @TempDir private Path elsewhere;

  @Test
  void boxes_upload_without_a_key_and_all_their_copies_are_receipted_in_the_bucket()
      throws Exception {
    try (Place place = Place.open();
        S3Server store = S3Server.start(elsewhere);
        Bazaar bazaar = Bazaar.open(place)) {
      Files.writeString(bazaar.project().resolve("tide.yaml"), yaml(store));
      List<String> keys =
          List.of(
              "env",
              "AWS_ACCESS_KEY_ID=" + S3Server.KEY_ID,
              "AWS_SECRET_ACCESS_KEY=" + S3Server.KEY);
      Cli.Ended ended = bazaar.typeUnder(keys, "run", "tide.yaml", "--job", Bazaar.RUN).ended();
      assertThat(ended.code()).as(ended.err() + ended.out()).isZero();
      assertThat(ended.out()).contains("step 3/3");
      bazaar.shut();

      Ending ending = new Ending(place, store.object(KEPT));
      assertThat(ending.stored())
          .anySatisfy(stored -> assertThat(stored.checkpoint()).isTrue())
          .allSatisfy(stored ->
              assertThat(stored.json().path("checks").toString()).contains("store-read-back"));
      ending.receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
      // The newest copies went past this machine's cargo, and nothing of them is left in staging.
      assertThat(place.state().resolve("cargo")).doesNotExist();
      assertThat(staged(place)).isEmpty();
      assertThat(grep(place.state(), S3Server.KEY)).isEmpty();
    }
  }

  private static String yaml(S3Server store) {
    return """
    image: some/image
    job: |
    %s
    checkpoints: /workspace/ckpt
    results: /work
    targets: {s3: "s3://%s/%s", endpoint: "%s"}
    finish: {then: destroy, approval: yes}
    """
        .formatted(ShellJob.saving(3).indent(2), S3Server.BUCKET, KEPT, store.endpoint());
  }

  private static List<Path> staged(Place place) throws Exception {
    try (Stream<Path> all = Files.walk(place.state().resolve("staging"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /// Files below a directory that hold a text.
  private static List<Path> grep(Path directory, String text) throws Exception {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(Files::isReadable)
          .filter(f -> holds(f, text))
          .toList();
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.size(file) < 8 << 20
          && new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
              .contains(text);
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
