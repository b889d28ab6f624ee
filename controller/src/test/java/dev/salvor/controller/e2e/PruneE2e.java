package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A job that keeps every checkpoint, on a disk that cannot hold them all.
class PruneE2e {
  private static final int DISK_MB = 400;

  /// More than fit.
  private static final int CHECKPOINTS = 70;

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "nsenter", "mount", "ssh", "ssh-keygen", "rsync", "env")
        .forEach(Needs::tool);
  }

  @Test
  void a_disk_that_fills_gives_up_what_is_home_and_the_job_comes_to_its_end() throws Exception {
    try (Place place = Place.open();
        SmallDisk disk = SmallDisk.at(place.state().resolve("market").resolve("boxes"), DISK_MB);
        Bazaar bazaar = Bazaar.openUnder(place, disk.entered(), true)) {
      Files.writeString(bazaar.project().resolve("job.sh"), patient());
      Files.writeString(
          bazaar.project().resolve("prune.yaml"),
          """
          image: some/image:1
          type: on-demand
          max_price: 4
          budget: 20
          code: {sync: .}
          job: bash job.sh
          checkpoints: /workspace/ckpt
          results: /work
          retention: {newest: 1000, on_box: 2}
          finish: {then: destroy, approval: yes}
          """);
      Cli.Ended ended = bazaar.type("run", "prune.yaml", "--job", Bazaar.RUN).ended();

      assertThat(ended.code()).as(ended.err() + ended.out()).isZero();
      Ending ending = new Ending(place);
      assertThat(ending.stored().stream().mapToLong(Ending.Stored::step).max())
          .hasValue(CHECKPOINTS);
      String story = bazaar.type("explain", Bazaar.RUN).ended().out();
      assertThat(story).contains("from the box", "by permit");
      bazaar.shut();
      disk.leave();
      ending.receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts();
    }
  }

  /// Writes again what did not fit, as a trainer would that is told to try again.
  private static String patient() {
    String header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[6291456],\"data_offsets\":[0,6291456]}}";
    return """
    mkdir -p /workspace/ckpt; i=0
    while [ $i -lt %d ]; do
      i=$((i + 1)); sleep 0.5
      until { printf '\\120\\0\\0\\0\\0\\0\\0\\0'; printf '%%-80s' '%s'; head -c 6291456 /dev/urandom
      } 2>/dev/null >/workspace/ckpt/.tmp; do rm -f /workspace/ckpt/.tmp; sleep 1; done
      mv /workspace/ckpt/.tmp /workspace/ckpt/step_$(printf %%08d $i).safetensors
      echo "step $i/%d loss 1.0"
    done
    echo "saved $i" >/work/summary.txt
    """
        .formatted(CHECKPOINTS, header, CHECKPOINTS);
  }
}
