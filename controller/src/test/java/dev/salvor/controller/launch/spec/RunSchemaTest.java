package dev.salvor.controller.launch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The schema that ships, the reference, and what is read are one and the same.
class RunSchemaTest {
  private static final Path DOCS = Path.of("../docs/reference");

  @Test
  void the_schemas_keys_are_those_that_are_read() throws Exception {
    JsonNode schema = schema();
    assertThat(keys(schema)).containsExactlyInAnyOrderElementsOf(RunKeys.TOP);
    assertThat(keys(part(schema, "disk"))).containsExactlyInAnyOrderElementsOf(RunKeys.DISK);
    assertThat(keys(part(schema, "pip"))).containsExactlyInAnyOrderElementsOf(RunKeys.PIP);
    assertThat(keys(part(schema, "code"))).containsExactlyInAnyOrderElementsOf(RunKeys.CODE);
    assertThat(keys(part(schema, "data"))).containsExactlyInAnyOrderElementsOf(RunKeys.DATA);
    assertThat(keys(part(schema, "finish"))).containsExactlyInAnyOrderElementsOf(RunKeys.FINISH);
    assertThat(keys(part(schema, "retention")))
        .containsExactlyInAnyOrderElementsOf(RunKeys.RETENTION);
    assertThat(keys(part(schema, "targets"))).containsExactlyInAnyOrderElementsOf(RunKeys.TARGET);
    assertThat(keys(part(schema, "on_log"))).containsExactlyInAnyOrderElementsOf(RunKeys.ON_LOG);
    assertThat(keys(schema.at("/properties/volumes/items")))
        .containsExactlyInAnyOrderElementsOf(RunKeys.VOLUME);
  }

  @Test
  void the_schemas_words_are_those_that_are_read() throws Exception {
    JsonNode schema = schema();
    assertThat(words(schema.at("/properties/type"))).isEqualTo(MarketSection.TYPES);
    assertThat(words(schema.at("/properties/bid/anyOf/0"))).isEqualTo(MarketSection.BIDS);
    assertThat(words(part(schema, "bid").at("/properties/then"))).isEqualTo(MarketSection.BIDS);
    assertThat(keys(part(schema, "bid"))).containsExactlyInAnyOrderElementsOf(RunKeys.BID);
    assertThat(words(schema.at("/properties/runtype"))).isEqualTo(BoxSection.RUNTYPES);
    assertThat(words(schema.at("/properties/reach"))).isEqualTo(BoxSection.REACHES);
    JsonNode finish = part(schema, "finish");
    assertThat(words(finish.at("/properties/then"))).isEqualTo(FinishSection.THENS);
    assertThat(words(part(schema, "on_log").at("/properties/do"))).isEqualTo(LogSection.ANSWERS);
    assertThat(words(finish.at("/properties/approval"))).isEqualTo(FinishSection.APPROVALS);
  }

  @Test
  void every_key_says_what_it_is_for_in_schema_and_reference() throws Exception {
    String reference = Files.readString(DOCS.resolve("run.md"));
    JsonNode properties = schema().path("properties");
    for (String key : RunKeys.TOP) {
      assertThat(properties.path(key).path("description").asText()).as(key).isNotBlank();
      assertThat(reference).contains("`" + key + "`");
    }
    for (String key : RunKeys.DATA) {
      assertThat(reference).contains("`data[]." + key + "`");
    }
    for (String key : RunKeys.DISK) {
      assertThat(reference).contains("`disk." + key + "`");
    }
    for (String key : RunKeys.BID) {
      assertThat(reference).contains("`bid." + key + "`");
    }
    for (String key : RunKeys.RETENTION) {
      assertThat(reference).contains("`retention." + key + "`");
    }
    for (String key : RunKeys.ON_LOG) {
      assertThat(reference).contains("`on_log[]." + key + "`");
    }
    for (String key : RunKeys.TARGET) {
      assertThat(reference).contains("`targets[]." + key + "`");
    }
    for (String key : RunKeys.FINISH) {
      assertThat(reference).contains("`finish." + key + "`");
    }
  }

  /// By the schema itself, as an editor would.
  @ParameterizedTest
  @ValueSource(strings = {"batch-args.yaml", "train-onstart.yaml"})
  void the_examples_are_what_the_schema_allows(String example) throws Exception {
    Object read =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(Path.of("../docs/examples").resolve(example)));
    assertThat(SchemaCheck.wrong(schema(), new ObjectMapper().valueToTree(read))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{image: a, job: b, imgae: c}          | knows no imgae",
        "{job: b}                              | lacks",
        "{image: a, job: b, type: spot}        | none of",
        "{image: a, job: b, bid: {margin: 3}}  | /bid fits none",
        "{image: a, job: b, name: Tide}        | does not fit",
        "{image: a, job: b, ports: {a: b}}     | /ports",
      })
  void what_the_reader_refuses_the_schema_refuses(String yaml, String why) throws Exception {
    Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    assertThat(SchemaCheck.wrong(schema(), new ObjectMapper().valueToTree(read)))
        .anyMatch(wrong -> wrong.contains(why));
  }

  @Test
  void it_ships_with_the_controller() throws Exception {
    try (InputStream shipped = RunFile.class.getResourceAsStream("/salvor/run.schema.json")) {
      assertThat(shipped).isNotNull();
      assertThat(shipped.readAllBytes())
          .isEqualTo(Files.readAllBytes(DOCS.resolve("run.schema.json")));
    }
  }

  private static JsonNode schema() throws Exception {
    return new ObjectMapper().readTree(DOCS.resolve("run.schema.json").toFile());
  }

  /// The form with keys among those that a key may take.
  private static JsonNode part(JsonNode schema, String key) {
    for (JsonNode form : schema.at("/properties/" + key + "/anyOf")) {
      if (form.has("properties")) {
        return form;
      }
    }
    throw new AssertionError("no form of " + key + " has keys");
  }

  private static List<String> keys(JsonNode object) {
    assertThat(object.path("additionalProperties").asBoolean(true)).isFalse();
    List<String> keys = new ArrayList<>();
    object.path("properties").fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static List<String> words(JsonNode word) {
    return Stream.of(word.path("enum"))
        .flatMap(list -> {
          List<String> words = new ArrayList<>();
          list.forEach(each -> words.add(each.asText()));
          return words.stream();
        })
        .toList();
  }
}
