package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A job whose log says what its user has a policy for: once it hangs after that, once it ends by
/// its own fault in the middle of the line, and each time it is started again on its box. Meanwhile
/// the account has a volume that no run uses.
class LogPolicyE2e {
  private static final String YAML =
      """
      name: demo
      image: pytorch/pytorch
      max_price: 1
      job: |
        echo "this is start $SALVOR_START"
        case $SALVOR_START in
          1) echo "[rank0]: NCCL error: unhandled system error"; sleep 600 ;;
          2) printf 'and again NCCL error'; exit 3 ;;
        esac
        echo "came through" >/work/summary.txt
      on_log:
        - match: 'NCCL error|CUDA error: device-side assert'
          do: restart
          times: 2
        - {match: 'this is start [3-9]', do: notify}
      finish: {then: destroy, approval: yes}
      """;

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen").forEach(Needs::tool);
  }

  @Test
  void it_is_started_again_each_time_and_comes_through() throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place)) {
      Files.writeString(bazaar.project().resolve("run.yaml"), YAML);
      long volume = bazaar.makeVolume(20);
      Cli.Ended ended = bazaar.type("run", "run.yaml", "--job", Bazaar.RUN).ended();
      assertThat(ended.code()).as(ended.err() + ended.out()).isZero();
      assertThat(bazaar.results().resolve("summary.txt")).hasContent("came through");
      assertThat(place.run("explain").out())
          .contains("the user's policy for what its log says: [rank0]: NCCL error: unhandled")
          .contains("do restart, followed 0 of 2 times before")
          .contains("end the job, to start it again")
          .contains("the user's policy for what its log says: and again NCCL error")
          .contains("do restart, followed 1 of 2 times before")
          .contains("exit status 3 (cuda-error)")
          .contains("job runs on rental 1.1, boot 1, start 3")
          .contains("do notify, followed 0 of 3 times before");
      assertThat(place.run("explain", "volume-" + volume).out())
          .contains("no run here uses volume V." + volume, "20 GB on machine", "a day)");
      assertThat(place.run("ps").out()).contains("demo", "volume-" + volume);
      bazaar.shut();
      new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
    }
  }
}
