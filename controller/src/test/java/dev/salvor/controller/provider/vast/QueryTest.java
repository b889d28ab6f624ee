package dev.salvor.controller.provider.vast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The query language as the platform's own client reads it, numbers sent as numbers.
class QueryTest {
  private static final String DEFAULTS =
      "\"verified\":{\"eq\":true},\"external\":{\"eq\":false},\"rentable\":{\"eq\":true}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "rented=False | {\"rented\":{\"eq\":false}}",
        "gpu_name=RTX_4090 | {\"gpu_name\":{\"eq\":\"RTX 4090\"}}",
        "gpu_name==\"RTX 4090\" | {\"gpu_name\":{\"eq\":\"RTX 4090\"}}",
        "compute_cap >= 700 | {\"compute_cap\":{\"gte\":700}}",
        "num_gpus in [1,2] | {\"num_gpus\":{\"in\":[1,2]}}",
        "gpu_name in [\"RTX 4090\",\"RTX 3090\"] | {\"gpu_name\":{\"in\":[\"RTX 4090\",\"RTX"
            + " 3090\"]}}",
        "gpu_ram>=24 | {\"gpu_ram\":{\"gte\":24000.0}}",
        "duration>3 | {\"duration\":{\"gt\":259200.0}}",
        "geolocation notin [CN,VN] | {\"geolocation\":{\"notin\":[\"CN\",\"VN\"]}}",
        "geolocation not in [CN,VN] | {\"geolocation\":{\"notin\":[\"CN\",\"VN\"]}}",
        "geolocation nin CN,VN | {\"geolocation\":{\"notin\":[\"CN\",\"VN\"]}}",
        "dph<0.5 | {\"dph_total\":{\"lt\":0.5}}",
        "dph<.5 | {\"dph_total\":{\"lt\":0.5}}",
        "cuda_vers>=12.4 | {\"cuda_max_good\":{\"gte\":12.4}}",
        "driver_version >= 535.86.05 | {\"driver_version\":{\"gte\":535086005}}",
        "disk_space>=1 disk_space > 50 | {\"disk_space\":{\"gte\":1,\"gt\":50}}",
        "num_gpus noteq 3 | {\"num_gpus\":{\"neq\":3}}",
        "num_gpus not eq 3 | {\"num_gpus\":{\"neq\":3}}",
        "reliability gt 0.98 inet_down gte 200 |"
            + " {\"reliability\":{\"gt\":0.98},\"inet_down\":{\"gte\":200}}",
        "id=1234 | {\"ask_contract_id\":{\"eq\":1234}}",
      })
  void typed_words_become_the_filter_that_is_sent(String typed, String sent) throws IOException {
    Query query = Query.parse(typed.strip());
    assertThat(query.problems()).isEmpty();
    assertThat(json(query.filters().toString())).isEqualTo(withDefaults(sent.strip()));
  }

  @Test
  void null_takes_the_place_of_a_default() throws IOException {
    assertThat(Query.parse("external=None").filters())
        .isEqualTo(
            json(
                "{\"verified\":{\"eq\":true},\"rentable\":{\"eq\":true},\"external\":{\"eq\":null}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"verified=any", "verified=?", "verified = *", "verified eq any"})
  void any_takes_the_default_away(String typed) throws IOException {
    assertThat(Query.parse(typed).problems()).isEmpty();
    assertThat(Query.parse(typed).filters())
        .isEqualTo(json("{\"external\":{\"eq\":false},\"rentable\":{\"eq\":true}}"));
  }

  @Test
  void any_takes_away_what_was_typed_before_it() {
    assertThat(Query.parse("num_gpus=2 num_gpus=any").typed()).isEmpty();
  }

  @Test
  void an_empty_query_asks_for_the_defaults_only() throws IOException {
    assertThat(Query.parse("  ").filters()).isEqualTo(json("{" + DEFAULTS + "}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "num_gpus~1 | column 9: unknown operator \"~\": use = != > >= < <= in notin",
        "gpu_nam=RTX_4090 | column 1: unknown field \"gpu_nam\", did you mean \"gpu_name\"?",
        "num_gpus= | column 10: a value was expected after \"num_gpus =\"",
        "num_gpus | column 9: an operator was expected after \"num_gpus\"",
        "num_gpus=1 ]] | column 12: a field name was expected, not \"]]\"",
        "verified!=any | column 9: \"any\" goes with \"=\" only, not with \"!=\"",
        "num_gpus>=many | column 11: \"num_gpus\" takes a number, true, false or null, not"
            + " \"many\"",
        "num_gpus in [] | column 13: \"num_gpus\" has an empty value",
        "gpu_name is H100 | column 9: unknown operator \"is\": use = != > >= < <= in notin",
      })
  void a_problem_is_told_with_its_column(String typed, String problem) {
    assertThat(Query.parse(typed.strip()).problems()).containsExactly(problem.strip());
  }

  @Test
  void all_problems_are_told_at_once() {
    assertThat(Query.parse("gpu_nam=H100 num_gpus=x verified>any").problems())
        .hasSize(3)
        .satisfiesExactly(
            one -> assertThat(one).startsWith("column 1:"),
            two -> assertThat(two).startsWith("column 23:"),
            three -> assertThat(three).startsWith("column 33:"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpu_name=RTX_4090",
        "gpu_name!=H100",
        "gpu_ram>=24",
        "gpu_total_ram<25",
        "num_gpus in [1,2]",
        "geolocation in [SE,NO]",
        "geolocation notin [CN,VN]",
        "geolocation=\"Sweden, SE\"",
        "driver_version>=535.86.05",
        "driver_version<550.54",
        "verified=true",
        "datacenter=false",
        "external=None",
        "reliability>0.98",
        "id=77",
        "duration>3",
      })
  void an_offer_that_fits_passes_our_own_check(String typed) throws IOException {
    assertThat(Query.parse(typed).fits(offer())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpu_name=H100",
        "gpu_ram>=25",
        "num_gpus>1",
        "num_gpus>0 num_gpus>1",
        "geolocation notin [SE]",
        "driver_version>=550",
        "verified=false",
        "datacenter=true",
        "cluster_id=5",
        "pcie_bw>=10",
        "duration>30",
      })
  void an_offer_that_does_not_fit_fails_even_if_the_platform_sent_it(String typed)
      throws IOException {
    assertThat(Query.parse(typed).problems()).isEmpty();
    assertThat(Query.parse(typed).fits(offer())).isFalse();
  }

  @Test
  void an_unverified_offer_fails_the_default() throws IOException {
    JsonNode unverified = json("{\"verification\":\"unverified\"}");
    assertThat(Query.parse("").fits(unverified)).isFalse();
    assertThat(Query.parse("verified=any").fits(unverified)).isTrue();
  }

  private static JsonNode offer() throws IOException {
    return json(
        """
        {"id":77,"gpu_name":"RTX 4090","num_gpus":1,"gpu_ram":24564,"geolocation":"Sweden, SE",
         "driver_version":"535.104.05","driver_vers":535104005,"verification":"verified",
         "hosting_type":0,"external":null,"rentable":true,"reliability2":0.991,"duration":864000.5}
        """);
  }

  private static JsonNode withDefaults(String sent) throws IOException {
    return json("{" + DEFAULTS + "," + sent.substring(1));
  }

  private static JsonNode json(String text) throws IOException {
    return Wire.JSON.readTree(text);
  }

  @Test
  void a_part_of_the_world_is_sent_as_its_countries() {
    Query europe = Query.parse("geolocation=EU georegion=true");
    assertThat(europe.problems()).isEmpty();
    assertThat(europe.filters().has("georegion")).isFalse();
    assertThat(europe.filters().path("geolocation").path("in").toString())
        .contains("\"SE\"", "\"IE\"", "\"GB\"")
        .doesNotContain("\"US\"", "\"EU\"");
    assertThat(Query.parse("geolocation!=NA georegion=true").filters().at("/geolocation/notin"))
        .hasSize(5);
    assertThat(Query.parse("geolocation in [NA,JP] georegion=true").filters().toString())
        .contains("\"US\"", "\"JP\"");
    // Without the word it is Namibia.
    assertThat(Query.parse("geolocation=NA").filters().at("/geolocation/eq").asText())
        .isEqualTo("NA");
    assertThat(Query.parse("georegion=maybe").problems()).hasSize(1);
  }

  @Test
  void chunked_asks_for_large_machines() {
    assertThat(Query.parse("num_gpus=1 chunked=true").filters().at("/cpu_cores/gte").asInt())
        .isEqualTo(32);
    assertThat(Query.parse("num_gpus=1 chunked=false").filters().has("cpu_cores")).isFalse();
  }
}
