package dev.salvor.controller.provider.vast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RunSpec.Market;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Searching: what is sent, and what of the answer is believed.
class VastSearchTest {
  private Platform platform;

  @BeforeEach
  void start() throws IOException {
    platform = new Platform();
  }

  @AfterEach
  void end() {
    platform.close();
  }

  @Test
  void the_query_the_disk_and_the_limit_are_sent() throws Exception {
    platform.answers(200, "{\"offers\":[]}");
    platform.provider().search(market("gpu_name=RTX_4090 num_gpus>=1", true, 1));
    RecordedRequest request = platform.asked();
    assertThat(request.getRequestLine()).isEqualTo("POST /api/v0/bundles/ HTTP/1.1");
    assertThat(Platform.body(request))
        .isEqualTo(
            Wire.JSON.readTree(
                """
                {"verified":{"eq":true},"external":{"eq":false},"rentable":{"eq":true},
                 "gpu_name":{"eq":"RTX 4090"},"num_gpus":{"gte":1},"disk_space":{"gte":40.0},
                 "order":[["min_bid","asc"]],"type":"bid","limit":1000,"allocated_storage":40.0}
                """));
  }

  @Test
  void on_demand_is_ordered_by_the_whole_price() throws Exception {
    platform.answers(200, "{\"offers\":[]}");
    platform.provider().search(market("disk_space>=100", false, 1));
    var body = platform.body();
    assertThat(body.path("type").asText()).isEqualTo("on-demand");
    assertThat(body.path("order").toString()).isEqualTo("[[\"dph_total\",\"asc\"]]");
    assertThat(body.path("disk_space").toString()).isEqualTo("{\"gte\":100}");
  }

  @Test
  void an_offer_is_read_as_recorded_with_its_price_on_demand() throws Exception {
    platform.answers(200, offers(row(55, "0.21", "0.2", "200", "verified")));
    platform.answers(200, offers(row(55, "0.41", "0.2", "200", "verified")));
    assertThat(platform.provider().search(market("", true, 1)))
        .containsExactly(
            new Offer(
                55,
                new MachineId(900),
                "RTX 4090",
                1,
                UsdPerHour.of(0.41),
                UsdPerHour.of(0.2),
                UsdPerHour.of(0.01),
                20_000,
                10_000,
                0.991,
                "Sweden, SE",
                Duration.ofDays(2)));
  }

  @Test
  void what_the_platform_should_not_have_sent_is_dropped_and_the_rest_is_sorted() throws Exception {
    platform.answers(
        200,
        offers(
            row(1, "0.50", "0.30", "200", "verified"),
            row(2, "0.40", "0.25", "200", "verified"),
            row(3, "0.10", "0.05", "200", "unverified"),
            row(4, "0.10", "0.05", "39", "verified"),
            row(5, "null", "0.05", "200", "verified"),
            row(6, "3.00", "2.00", "200", "verified"),
            row(7, "0.45", "null", "200", "verified"),
            row(8, "0.60", "0.20", "200", "verified")));
    platform.answers(200, "{\"offers\":[]}");
    assertThat(platform.provider().search(market("", true, 1)))
        .extracting(Offer::id)
        .containsExactly(8L, 2L, 1L);
  }

  @Test
  void the_cheapest_is_the_one_that_costs_least_with_its_bytes() throws Exception {
    String dear = row(1, "0.40", "0.20", "200", "verified").replace("0.02", "0.9");
    platform.answers(200, offers(dear, row(2, "0.60", "0.30", "200", "verified")));
    assertThat(platform.provider().search(market("", false, 1)))
        .extracting(Offer::id)
        .containsExactly(2L, 1L);
  }

  @Test
  void on_demand_is_sorted_and_capped_by_the_whole_price() throws Exception {
    platform.answers(
        200,
        offers(
            row(1, "0.50", "0.10", "200", "verified"),
            row(2, "0.40", "0.30", "200", "verified"),
            row(3, "1.01", "0.10", "200", "verified"),
            row(4, "0.45", "null", "200", "verified")));
    assertThat(platform.provider().search(market("", false, 1)))
        .extracting(Offer::id)
        .containsExactly(2L, 4L, 1L);
  }

  @Test
  void a_query_that_does_not_read_is_refused_before_anything_is_sent() {
    assertThatThrownBy(() -> platform.provider().search(market("gpu_nam=x num_gpus~1", true, 1)))
        .isInstanceOfSatisfying(
            ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
        .hasMessage(
            "Cannot search offers: the query \"gpu_nam=x num_gpus~1\" does not read: column 1:"
                + " unknown field \"gpu_nam\", did you mean \"gpu_name\"?; column 19: unknown"
                + " operator \"~\": use = != > >= < <= in notin. Correct the query, then try"
                + " again.");
    assertThat(platform.server.getRequestCount()).isZero();
  }

  @Test
  void an_answer_without_offers_is_no_empty_market() {
    platform.answers(200, "{\"success\":true}");
    assertThatThrownBy(() -> platform.provider().search(market("", true, 1)))
        .hasMessageContaining("no list of offers");
  }

  @Test
  void host_whose_driver_is_too_old_for_the_image_is_not_taken() throws Exception {
    String old = row(1, "0.40", "0.25", "200", "verified").replace("}", ",\"cuda_max_good\":12.2}");
    String fit = row(2, "0.50", "0.30", "200", "verified").replace("}", ",\"cuda_max_good\":12.4}");
    platform.answers(200, offers(old, fit));
    Market market = new Market("x/torch:cu124", "num_gpus=1", 40, false, UsdPerHour.of(1));

    assertThat(platform.provider().search(market)).extracting(Offer::id).containsExactly(2L);
    assertThat(platform.body().path("cuda_max_good").toString()).isEqualTo("{\"gte\":12.4}");
  }

  @Test
  void gpus_that_the_images_cuda_does_not_know_are_not_taken() throws Exception {
    String cuda = ",\"cuda_max_good\":12.9}";
    String newer =
        row(1, "0.40", "0.25", "200", "verified")
            .replace("\"compute_cap\":890", "\"compute_cap\":1200")
            .replace("}", cuda);
    platform.answers(
        200, offers(newer, row(2, "0.5", "0.3", "200", "verified").replace("}", cuda)));
    Market market = new Market("x/torch:cu124", "num_gpus=1", 40, false, UsdPerHour.of(1));

    assertThat(platform.provider().search(market)).extracting(Offer::id).containsExactly(2L);
    assertThat(platform.body().path("compute_cap").toString()).isEqualTo("{\"lt\":1000}");
  }

  @Test
  void who_says_what_cuda_the_host_must_have_is_not_corrected() throws Exception {
    platform.answers(200, "{\"offers\":[]}");
    Market market = new Market("x:cu124", "cuda_vers>=12.8", 40, false, UsdPerHour.of(1));

    assertThat(platform.provider().search(market)).isEmpty();
    assertThat(platform.body().path("cuda_max_good").toString()).isEqualTo("{\"gte\":12.8}");
  }

  private static Market market(String query, boolean interruptible, double cap) {
    return new Market("image", query, 40, interruptible, UsdPerHour.of(cap));
  }

  private static String offers(String... rows) {
    return "{\"offers\":[" + String.join(",", rows) + "]}";
  }

  private static String row(int id, String price, String minBid, String disk, String verification) {
    return """
    {"id":%d,"ask_contract_id":%1$d,"machine_id":900,"gpu_name":"RTX 4090","num_gpus":1,
     "compute_cap":890,"dph_total":%s,"min_bid":%s,"disk_space":%s,"storage_cost":0.18,"storage_total_cost":0.001,
     "inet_up_cost":0.02,"inet_down_cost":0.01,"reliability2":0.991,"geolocation":"Sweden, SE\\n",
     "verification":"%s","external":false,"rentable":true,"duration":172800.5}
    """
        .formatted(id, price, minBid, disk, verification);
  }
}
