package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `kill -9` of the agent in the middle of the training.
class AgentKilledE2e {
  @BeforeAll
  static void tools() {
    Needs.tool("unshare");
  }

  @Test
  void a_killed_agent_comes_back_and_adopts_the_running_job() throws Exception {
    try (Place place = Place.open();
        Witness witness = Witness.watch(place.boxes())) {
      Cli demo = place.start("demo", "--steps", "500", "--outbid-at", "never", "--output", "json");
      demo.until("the job has saved", () -> !steps(place, witness).isEmpty());
      List<Census.Found> trainers = place.census().trainers();
      assertThat(trainers).hasSize(1);
      List<Census.Found> agents = place.census().agents();
      assertThat(agents).hasSize(1);
      assertThat(agents.getFirst().kill()).isTrue();
      Set<Long> jobs = new TreeSet<>();
      Set<Long> back = new TreeSet<>();
      Until.holds(
          "the demo has ended",
          Cli.PATIENCE,
          () -> {
            place.census().trainers().forEach(one -> jobs.add(one.pid()));
            place.census().agents().forEach(one -> back.add(one.pid()));
            return !demo.runs();
          });
      back.remove(agents.getFirst().pid());
      assertThat(back).as("agents after the first").hasSize(1);
      assertThat(jobs).as("jobs, ever").containsExactly(trainers.getFirst().pid());
      endsWell(place, witness, demo.ended());
    }
  }

  private static void endsWell(Place place, Witness witness, Cli.Ended demo) throws Exception {
    assertThat(demo.code()).as(demo.err()).isZero();
    assertThat(demo.json().at("/run/phase").asText()).isEqualTo("DONE");
    assertThat(demo.json().at("/run/cargo/frontierStep").asLong()).isEqualTo(500);
    assertThat(demo.json().path("losses")).isEmpty();
    assertThat(place.market().rented()).hasSize(1);
    new Ending(place)
        .receiptsVerify()
        .filesAreWhatTheJobWrote(witness)
        .rentedOnceAndGivenBackAfterItsReceipts()
        .nothingIsLeft();
  }

  private static Set<Long> steps(Place place, Witness witness) throws Exception {
    List<MarketLog.Entry> created = place.market().of("create");
    return created.isEmpty() ? Set.of() : witness.steps(created.getFirst().instance());
  }
}
