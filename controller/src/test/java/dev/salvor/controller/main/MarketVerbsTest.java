package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.cli.Cli;
import dev.salvor.controller.cli.Session;
import dev.salvor.controller.cli.Wiring;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.provider.Extras;
import dev.salvor.controller.provider.LocalMarket;
import dev.salvor.controller.provider.Provider.CreateRequest;
import dev.salvor.controller.provider.Provider.Creation;
import dev.salvor.controller.provider.Shape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            dir -> {
              throw new DeskException(DeskException.Kind.NO_CONTROLLER, "none");
            },
            VastAccount::open,
            (options, told) -> List.of(),
            (dir, run, to) -> Optional.empty(),
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
        : fail("not rented");
  }

  @Test
  void offers_come_by_their_all_in_price_and_the_first_has_a_reason() throws Exception {
    assertThat(type("offers", "gpu_name=RTX_4090", "num_gpus=1")).as(err()).isZero();
    assertThat(out()).startsWith("OFFER").contains("1 x RTX 4090");
    assertThat(err()).contains("is first: $", "reliability", "days of contract");
    assertThat(type("offers", "num_gpus=1", "--output", "json", "--up", "500", "--hours", "2"))
        .isZero();
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
