package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The platform's traps that lie before a box is rented: they are stepped around, or named in time,
/// and nothing is rented by mistake.
@EnabledIfSystemProperty(
    named = "salvor.full",
    matches = "true",
    disabledReason = "only in the full check")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MarketGotchasE2e {
  private static final String SPEC =
      """
      image: ubuntu:22.04
      job: true
      max_price: 1
      """;

  private Place place;
  private Bazaar bazaar;

  @BeforeAll
  void open() throws Exception {
    List.of("unshare", "ssh", "ssh-keygen", "rsync", "env").forEach(Needs::tool);
    place = Place.open();
    bazaar = Bazaar.open(place);
  }

  @AfterAll
  void close() throws Exception {
    bazaar.close();
    place.close();
  }

  /// Half of these hosts speak CUDA 12.2 at most.
  @Test
  void vast05_hosts_too_old_for_the_images_cuda_are_left_out() throws Exception {
    String query = "verified=any rented=any num_gpus>=1";
    List<Double> all = cudas("offers", query, "--limit", "60");
    List<Double> fit =
        cudas("offers", query, "--limit", "60", "--image", "pytorch/pytorch:2.4.0-cuda12.4-devel");

    assertThat(all).as("the trap").anyMatch(cuda -> cuda < 12.4);
    assertThat(fit).isNotEmpty().allMatch(cuda -> cuda >= 12.4);
  }

  @Test
  void vast06_more_ports_than_a_box_can_have_are_refused_before_it_is_rented() throws Exception {
    List<String> ports = IntStream.range(8000, 8065).mapToObj(Integer::toString).toList();

    String open = String.join(",", ports.stream().map("\"-p %s:%<s\":\"1\""::formatted).toList());
    JsonNode trap = bazaar.rent("", "\"disk\":8,\"env\":{" + open + "}");
    assertThat(trap.path("msg").asText()).as("the trap").contains("at most 64 open ports");

    refused(SPEC + "ports: [" + String.join(", ", ports) + "]\n", "64");
  }

  /// The cheapest GPU may come with the dearest bytes.
  @Test
  void vast09_offers_are_compared_with_their_traffic() throws Exception {
    JsonNode offers =
        offers(
            "offers",
            "verified=any num_gpus=1",
            "--hours",
            "2",
            "--down",
            "400",
            "--up",
            "100",
            "--limit",
            "200");
    List<Double> whole = doubles(offers, "allIn");
    List<Double> bare = doubles(offers, "price");

    assertThat(bare).as("the trap: by the price alone another order").isNotEqualTo(sorted(bare));
    assertThat(whole).isEqualTo(sorted(whole));
    assertThat(doubles(offers, "traffic")).anyMatch(traffic -> traffic > 0);
  }

  /// And its user hears what it will cost besides, before it is there.
  @Test
  void vast09_a_run_takes_the_offer_that_is_listed_first() throws Exception {
    String query = "verified=any num_gpus=1";
    long first = offers("offers", query).path(0).path("machine").asLong();
    Cli.Ended run =
        bazaar.run("true\n", "--no-sync", "--image", "ubuntu:22.04", "--query", query).ended();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .containsSubsequence(
            "[1/8] rent 1 x",
            "on machine " + first + " at ",
            "[1/8] danger clocks: stopped, its disk costs $",
            "a GB costs $",
            "its contract ends at 20",
            "[8/8]");
  }

  @Test
  void vast10_a_disk_that_cannot_hold_what_the_run_needs_is_refused() throws Exception {
    long small = bazaar.rent("", "\"disk\":20").path("new_contract").asLong();
    assertThat(bazaar.show(small).path("disk_space").asDouble())
        .as("the trap: rented as asked for, whatever is to go onto it, and never larger")
        .isEqualTo(20);

    refused(SPEC + "disk: {size: 20, image: 15, data: 10, checkpoint: 2, keep: 3}\n", "disk", "20");
  }

  @Test
  void vast11_a_secret_that_the_platform_would_store_is_refused_and_not_repeated()
      throws Exception {
    String secret = "hf_" + "abcdefghij".repeat(3);

    long told =
        bazaar
            .rent("", "\"disk\":8,\"env\":{\"HF_TOKEN\":\"" + secret + "\"}")
            .path("new_contract")
            .asLong();
    assertThat(bazaar.show(told).path("extra_env").toString())
        .as("the trap: it is stored, and shown to whoever looks")
        .contains(secret);

    String words = refused(SPEC + "env: {HF_TOKEN: " + secret + "}\n", "HF_TOKEN", "secrets");
    assertThat(words).doesNotContain(secret);
  }

  @Test
  void vast12_a_volume_without_its_machine_is_refused() throws Exception {
    long volume = bazaar.makeVolume(10);
    long home =
        bazaar
            .call("GET", "/api/v0/volumes?owner=me&type=all_volume", "")
            .path("volumes")
            .path(0)
            .path("machine_id")
            .asLong();
    JsonNode trap =
        bazaar.rent(
            ",\"machine_id\":{\"neq\":" + home + "}",
            "\"disk\":8,\"volume_info\":{\"mount_path\":\"/mnt\",\"create_new\":false,\"volume_id\":"
                + volume
                + "}");
    assertThat(trap.path("success").asBoolean(true)).as("the trap: " + trap).isFalse();

    refused(SPEC + "volumes: [{id: %d, path: /mnt}]\n".formatted(volume), "machine_id");
  }

  @Test
  void a_command_in_the_place_of_a_program_is_refused_with_the_runtimes_reason() throws Exception {
    refused(
        """
        image: ubuntu:22.04
        runtype: args
        args: echo hi
        entrypoint: bash -c 'cd /srv && ./run.sh'
        """,
        "entrypoint");
  }

  /// What the problem is called; nothing was rented for it.
  private String refused(String spec, String... words) throws Exception {
    int before = place.market().of("create").size();
    Files.writeString(bazaar.project().resolve("bad.yaml"), spec);
    Cli.Ended ended = bazaar.type("run", "bad.yaml").ended();
    assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains(words);
    assertThat(place.market().of("create")).hasSize(before);
    return ended.out() + ended.err();
  }

  private List<Double> cudas(String... words) throws Exception {
    List<Double> found = new ArrayList<>();
    offers(words).forEach(line -> found.add(line.at("/health/cuda").asDouble()));
    return found;
  }

  private JsonNode offers(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--output", "json"));
    Cli.Ended ended = bazaar.look(all).ended();
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.json().path("offers");
  }

  private static List<Double> doubles(JsonNode offers, String name) {
    List<Double> found = new ArrayList<>();
    offers.forEach(line -> found.add(line.path("money").path(name).asDouble()));
    return found;
  }

  private static List<Double> sorted(List<Double> values) {
    return values.stream().sorted().toList();
  }
}
