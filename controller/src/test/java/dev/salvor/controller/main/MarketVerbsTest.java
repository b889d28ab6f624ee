package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.cli.Cli;
import dev.salvor.controller.cli.Session;
import dev.salvor.controller.cli.Wiring;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Verdict;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.journal.SqliteJournal;
import dev.salvor.controller.provider.Extras;
import dev.salvor.controller.provider.LocalMarket;
import dev.salvor.controller.provider.Provider.CreateRequest;
import dev.salvor.controller.provider.Provider.Creation;
import dev.salvor.controller.provider.Shape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs that look at the marketplace itself, typed against the sandbox.
class MarketVerbsTest {
  private static final List<LocalMarket> OPEN = new ArrayList<>();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Map<String, String> env = Map.of();

  @TempDir private Path home;

  @BeforeAll
  static void open(@TempDir Path dir) throws Exception {
    OPEN.add(LocalMarket.open(dir));
  }

  @AfterAll
  static void close() throws Exception {
    OPEN.removeFirst().close();
  }

  @BeforeEach
  void know() {
    env = OPEN.getFirst().env();
  }

  private int type(String... words) {
    out.reset();
    err.reset();
    Wiring wiring =
        new Wiring(
            options -> 69,
            options -> 69,
            Records::read,
            VastAccount::open,
            (options, told) -> List.of(),
            (place, run, step, to) -> Optional.empty(),
            ReceiptCheck::check,
            new SpecDesk(java.time.InstantSource.system()));
    Session session =
        new Session(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            env,
            home.toString(),
            ZoneOffset.UTC,
            home);
    return Cli.run(List.of(words), session, wiring);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private JsonNode json() throws Exception {
    return new ObjectMapper().readTree(out());
  }

  private static long rent(String label) throws Exception {
    var market = new RunSpec.Market("i", "num_gpus=1", 10, true, UsdPerHour.of(5));
    Extras parked = new Extras(Shape.USUAL, Optional.empty(), Optional.empty(), "", "", false);
    Offer offer = OPEN.getFirst().provider().search(market).getFirst();
    CreateRequest request =
        new CreateRequest(
                offer.id(),
                label,
                "some/image",
                10,
                offer.minBid().times(1.5),
                true,
                "true\n",
                Map.of())
            .with(parked);
    return OPEN.getFirst().provider().create(request) instanceof Creation.Created(var box)
        ? box.value()
        : Assertions.fail("not rented");
  }

  @Test
  void offers_come_by_their_all_in_price_and_the_first_has_a_reason() throws Exception {
    assertThat(type("offers", "gpu_name=RTX_4090", "num_gpus=1")).as(err()).isZero();
    assertThat(out()).startsWith("OFFER").contains("1 x RTX 4090");
    assertThat(err()).contains("is first: $", "reliability", "days of contract");
    String[] all = {"offers", "num_gpus=1", "--output", "json", "--up", "500", "--hours", "2"};
    assertThat(type(limited(all, "200"))).isZero();
    double last = 0;
    boolean traffic = false;
    for (JsonNode offer : json().path("offers")) {
      JsonNode money = offer.path("money");
      assertThat(money.path("allIn").asDouble()).isGreaterThanOrEqualTo(last);
      last = money.path("allIn").asDouble();
      traffic |= money.path("traffic").asDouble() > money.path("price").asDouble();
    }
    assertThat(traffic).as("bytes may cost more than the GPU").isTrue();
  }

  @Test
  void the_first_of_few_is_the_first_of_all() throws Exception {
    String[] asked = {"offers", "num_gpus=1", "--output", "json", "--up", "500", "--hours", "2"};
    assertThat(type(limited(asked, "200"))).isZero();
    JsonNode all = json().path("offers");
    assertThat(type(limited(asked, "1"))).isZero();
    assertThat(json().path("offers")).hasSize(1);
    assertThat(json().path("offers").path(0)).isEqualTo(all.path(0));
    double first = all.path(0).at("/money/price").asDouble();
    assertThat(all)
        .as("by the platform's own price another one would be first")
        .anyMatch(offer -> offer.at("/money/price").asDouble() < first);
    assertThat(type("offers", "num_gpus=1", "--up", "500", "--hours", "2", "--limit", "3", "--raw"))
        .isZero();
    assertThat(json()).hasSize(3);
    assertThat(json().path(0).path("id").asLong()).isEqualTo(all.path(0).path("id").asLong());
  }

  private static String[] limited(String[] words, String limit) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--limit", limit));
    return all.toArray(String[]::new);
  }

  @Test
  void why_the_first_is_first_names_everything_one_chooses_by() {
    String image = "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime";
    assertThat(type("offers", "num_gpus=1", "--image", image, "--max-price", "1.5")).isZero();
    assertThat(err())
        .contains("reliability 0.", "verified", "direct ports", "where the image needs 12.4")
        .contains("compute capability", ", in ", "under your cap of $1.5000 an hour")
        .contains("has not failed us", "days of contract, enough for 8 h");
  }

  @Test
  void what_costs_more_than_the_cap_is_left_out() throws Exception {
    assertThat(type("offers", "num_gpus=1", "--output", "json")).isZero();
    double cheapest = json().path("offers").path(0).path("money").path("price").asDouble();
    assertThat(type("offers", "num_gpus=1", "--max-price", "0.3", "--output", "json")).isZero();
    for (JsonNode offer : json().path("offers")) {
      assertThat(offer.path("money").path("price").asDouble()).isLessThanOrEqualTo(0.3);
    }
    String under = String.format(Locale.ROOT, "%.4f", cheapest / 2);
    assertThat(type("offers", "num_gpus=1", "--max-price", under)).isZero();
    assertThat(err()).contains("kept out by dph_total<=", "the nearest value that leaves some is");
    assertThat(type("offers", "num_gpus=1", "--max-price", "0")).isEqualTo(2);
  }

  @Test
  void gpus_that_are_newer_than_the_images_cuda_are_left_out() throws Exception {
    assertThat(capabilities()).contains(1200);
    assertThat(capabilities("--image", "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime"))
        .isNotEmpty()
        .doesNotContain(1200);
  }

  private Set<Integer> capabilities(String... more) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("offers", "verified=any num_gpus>=1", "--limit", "100"));
    words.addAll(List.of("--output", "json"));
    words.addAll(List.of(more));
    assertThat(type(words.toArray(String[]::new))).isZero();
    Set<Integer> found = new TreeSet<>();
    json().path("offers").forEach(o -> found.add(o.at("/health/computeCap").asInt()));
    return found;
  }

  @Test
  void a_machine_that_failed_a_run_comes_last_and_says_why() throws Exception {
    assertThat(type("offers", "num_gpus=1", "--output", "json", "--limit", "100")).isZero();
    JsonNode first = json().path("offers").path(0);
    long machine = first.path("machine").asLong();
    fail(machine);
    assertThat(type("offers", "num_gpus=1", "--output", "json", "--limit", "100")).isZero();
    JsonNode offers = json().path("offers");
    assertThat(offers.path(0).path("machine").asLong()).isNotEqualTo(machine);
    assertThat(offers.path(0).path("held").asText()).isEmpty();
    JsonNode last = offers.path(offers.size() - 1);
    assertThat(last.path("machine").asLong()).isEqualTo(machine);
    assertThat(last.path("held").asText()).contains("run tide", "host went offline", "forgiven at");
    assertThat(type("offers", "num_gpus=1", "--limit", "100")).isZero();
    assertThat(out()).contains("failed us");
    assertThat(err()).contains("Machine " + machine + ": it failed run tide");
  }

  /// A run of an hour ago lost this machine's host.
  private void fail(long machine) throws Exception {
    Path state = Files.createDirectories(home.resolve(".local/state/salvor"));
    Files.writeString(state.resolve("controller.lock"), "");
    RunId run = new RunId("tide");
    RentalRef ref = new RentalRef(1, 1);
    Instant at = Instant.now().minus(Duration.ofHours(1));
    UsdPerHour price = UsdPerHour.of(0.4);
    Offer offer =
        new Offer(
            1, new MachineId(machine), "RTX 4090", 1, price, price, price, 0, 0, 0.99, "here");
    RunSpec spec =
        new RunSpec(
            run,
            new RunSpec.Job("train", "/work", Map.of(), List.of("/work"), List.of()),
            new RunSpec.Market("image", "", 10, false, price),
            new RunSpec.Finish(RunSpec.After.DESTROY, true),
            Usd.of(10));
    Verdict gone = new Verdict.Lost(Verdict.Cause.HOST_OFFLINE, "away");
    try (SqliteJournal journal = SqliteJournal.open(state)) {
      journal.append(
          List.of(
              new Journal.Entry(run, new Fact.RunRequested(at, spec)),
              new Journal.Entry(
                  run,
                  new Fact.Intended(
                      at, 1, new Effect.Create(ref, offer, price, true), Duration.ofMinutes(1))),
              new Journal.Entry(run, new Fact.VerdictReached(at, ref, gone))));
    }
  }

  @Test
  void offers_without_a_query_are_those_that_training_needs() throws Exception {
    assertThat(type("offers", "--raw", "--limit", "100")).isZero();
    assertThat(json()).isNotEmpty();
    for (JsonNode offer : json()) {
      assertThat(offer.path("gpu_ram").asDouble()).isGreaterThanOrEqualTo(20_000);
      assertThat(offer.path("verification").asText()).isEqualTo("verified");
    }
  }

  @Test
  void nothing_found_says_which_filter_is_in_the_way() {
    assertThat(type("offers", "num_gpus=1 gpu_ram>=500")).isZero();
    assertThat(out()).isEmpty();
    assertThat(err()).contains("kept out by gpu_ram>=500", "the nearest value that leaves some is");
  }

  @Test
  void fields_have_units_and_a_wrong_one_is_named() {
    assertThat(type("offers", "--fields")).isZero();
    assertThat(out()).contains("gpu_ram", "GB", "duration");
    assertThat(type("offers", "gpu_rma>20")).isEqualTo(2);
    assertThat(err()).contains("did you mean \"gpu_ram\"?").hasLineCount(1);
  }

  @Test
  void instances_volumes_and_the_user_are_shown() throws Exception {
    long id = rent("somebody's");
    assertThat(type("instances")).isZero();
    assertThat(out()).contains(Long.toString(id), "somebody's", "stopped");
    assertThat(type("instances", "--raw")).isZero();
    assertThat(json().path(0).has("actual_status")).isTrue();
    assertThat(type("instance", Long.toString(id))).isZero();
    assertThat(out()).contains("some/image", "burn stopped", "a day");
    assertThat(type("instance", "99999999")).isEqualTo(4);
    assertThat(err()).contains("salvor instances").hasLineCount(1);
    assertThat(type("volumes")).isZero();
    assertThat(out()).isEmpty();
    assertThat(err()).isEqualTo("salvor: the account has no volumes\n");
    assertThat(type("volumes", "--output", "json")).isZero();
    assertThat(json().path("facts").isArray()).isTrue();
    assertThat(type("user")).isZero();
    assertThat(out()).contains("credit", "$2");
    assertThat(type("user", "--raw")).isZero();
    assertThat(json().has("credit")).isTrue();
    assertThat(json().has("sid")).isFalse();
  }

  @Test
  void a_wrong_key_and_a_missing_one_are_told_apart() {
    env = Map.of("VAST_URL", env.getOrDefault("VAST_URL", ""), "VAST_API_KEY", "wrong");
    assertThat(type("user")).isEqualTo(7);
    assertThat(err()).contains("Invalid user key", "Check VAST_API_KEY").hasLineCount(1);
    env = Map.of();
    assertThat(type("user")).isEqualTo(7);
    assertThat(err()).contains("no key", "vastai set api-key").hasLineCount(1);
  }
}
