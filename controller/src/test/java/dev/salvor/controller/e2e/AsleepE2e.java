package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A laptop is closed in the evening and opened in the morning: the controller, its tunnels and the
/// command that follows them stand still, the market and the box do not, and all wall clocks are
/// eight hours on.
class AsleepE2e {
  private static final Duration NIGHT = Duration.ofHours(8);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env", "gcc", "kill").forEach(Needs::tool);
  }

  /// Silence that nobody was there to hear says nothing about the box.
  @Test
  void a_job_that_trains_through_the_night_goes_on_in_its_box_and_the_night_is_paid()
      throws Exception {
    try (Place place = Place.open()) {
      FakeTime time = FakeTime.make(place.beside(""));
      try (Bazaar bazaar = Bazaar.openUnder(place, time.words(), true)) {
        Cli run = closedInTheEvening(place, bazaar, time.words(), 60);
        long before = saved(place);
        asleep(place, run, time, () -> saved(place) > before + 30);

        run.until("it hears of a later one", () -> frontier(bazaar) > before + 30);
        JsonNode money = status(bazaar).path("money");
        assertThat(money.path("spent").asDouble())
            .isGreaterThanOrEqualTo(NIGHT.toHours() * money.path("burn").asDouble());
        Cli.Ended ended = run.ended();
        assertThat(ended.code()).as(ended.err() + ended.out()).isZero();
        assertThat(story(bazaar))
            .contains("the controller is back, and had written nothing down for 8h")
            .contains("destroyed by permit")
            .doesNotContain("elsewhere", "is lost", "every 0 s");
        comesToOneEnd(place, bazaar);
      }
    }
  }

  /// A box whose job is done and that nobody asks for anything stops itself; what it saved waits on
  /// its disk until morning.
  @Test
  void a_job_that_ends_in_the_night_comes_home_in_the_morning_from_a_box_that_stopped_itself()
      throws Exception {
    try (Place place = Place.open()) {
      FakeTime time = FakeTime.make(place.beside(""));
      try (Bazaar bazaar = Bazaar.openUnder(place, time.words(), true)) {
        List<String> user = new ArrayList<>(time.words());
        user.add("SALVOR_UNATTENDED=5s");
        Cli run = closedInTheEvening(place, bazaar, user, 8);
        asleep(place, run, time, () -> place.market().has("stop"));

        Cli.Ended ended = run.ended();
        assertThat(ended.code()).as(ended.err() + ended.out()).isZero();
        assertThat(story(bazaar))
            .contains("the controller is back, and had written nothing down for 8h")
            .contains("rental 1.1 stopped itself at", "job ended: exit status 0")
            .contains("destroyed by permit");
        assertThat(new Ending(place).stored().stream().mapToLong(Ending.Stored::step).max())
            .hasValue(8);
        comesToOneEnd(place, bazaar);
      }
    }
  }

  /// A run whose first checkpoint has come home.
  private static Cli closedInTheEvening(
      Place place, Bazaar bazaar, List<String> user, int checkpoints) throws Exception {
    spec(bazaar, ShellJob.saving(checkpoints));
    Cli run = bazaar.typeUnder(user, "run", "night.yaml", "--job", Bazaar.RUN);
    run.until("a checkpoint is home", () -> !new Ending(place).stored().isEmpty());
    return run;
  }

  private static void comesToOneEnd(Place place, Bazaar bazaar) throws Exception {
    assertThat(place.market().rented()).containsOnlyKeys(1);
    bazaar.shut();
    new Ending(place).receiptsVerify().rentedOnceAndGivenBackAfterItsReceipts().nothingIsLeft();
  }

  private static String story(Bazaar bazaar) throws Exception {
    return bazaar.type("explain", Bazaar.RUN).ended().out();
  }

  /// Stops every process that is on the laptop until the box has gone on, and wakes them.
  private static void asleep(Place place, Cli run, FakeTime time, Callable<Boolean> morning)
      throws Exception {
    long controller = place.controller().orElseThrow();
    List<Long> laptop = new ArrayList<>(List.of(controller, run.pid()));
    ProcessHandle.of(controller)
        .orElseThrow()
        .descendants()
        .map(ProcessHandle::pid)
        .forEach(laptop::add);
    signal("-STOP", laptop);
    try {
      Until.holds("the box went on by itself", PATIENCE, morning);
      time.set(NIGHT);
    } finally {
      signal("-CONT", laptop);
    }
  }

  private static void signal(String signal, List<Long> pids) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    pids.forEach(pid -> command.add(Long.toString(pid)));
    int _ = new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /// The newest step on the box's disk.
  private static long saved(Place place) throws Exception {
    try (Stream<Path> files = Files.list(place.disk(7001).resolve("workspace/ckpt"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("step_"))
          .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
          .max()
          .orElse(0);
    }
  }

  private static JsonNode status(Bazaar bazaar) throws Exception {
    return bazaar.type("status", Bazaar.RUN, "--output", "json").ended().json();
  }

  private static long frontier(Bazaar bazaar) throws Exception {
    return status(bazaar).at("/cargo/frontierStep").asLong();
  }

  private static void spec(Bazaar bazaar, String job) throws Exception {
    Files.writeString(bazaar.project().resolve("job.sh"), job);
    Files.writeString(
        bazaar.project().resolve("night.yaml"),
        """
        image: some/image:1
        type: on-demand
        max_price: 4
        budget: 100
        code: {sync: .}
        job: bash job.sh
        checkpoints: /workspace/ckpt
        results: /work
        finish: {then: destroy, approval: yes}
        """);
  }
}
