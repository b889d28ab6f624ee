package dev.salvor.controller.provider.vast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.provider.Extras;
import dev.salvor.controller.provider.ImageLogin;
import dev.salvor.controller.provider.Provider.CreateRequest;
import dev.salvor.controller.provider.Provider.Creation;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import dev.salvor.controller.provider.Runtype;
import dev.salvor.controller.provider.Shape;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Renting: what is sent, and every way it can end.
class VastCreateTest {
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
  void a_bid_sends_every_key_of_the_platforms_own_client() throws Exception {
    platform.answers(200, "{\"success\":true,\"new_contract\":7001,\"instance_api_key\":\"k\"}");
    assertThat(platform.provider().create(bid())).isEqualTo(new Creation.Created(id(7001)));
    RecordedRequest request = platform.asked();
    assertThat(request.getRequestLine()).isEqualTo("PUT /api/v0/asks/55/ HTTP/1.1");
    assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer the-account-key");
    assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
    assertThat(Platform.body(request))
        .isEqualTo(
            Wire.JSON.readTree(
                """
                {"client_id":"me","image":"pytorch/pytorch","env":{"SALVOR_RUN":"demo"},
                 "price":0.25,"disk":16,"label":"salvor:f:demo:1:1","extra":null,
                 "onstart":"#!/bin/bash\\ntrue\\n","image_login":null,"python_utf8":false,
                 "lang_utf8":false,"use_jupyter_lab":false,"jupyter_dir":null,"force":false,
                 "cancel_unavail":true,"template_hash_id":null,"user":null,
                 "runtype":"ssh_direc ssh_proxy","target_state":"running"}
                """));
  }

  @Test
  void on_demand_sends_no_price() throws Exception {
    platform.answers(200, "{\"success\":true,\"new_contract\":7001}");
    platform.provider().create(request("x", false));
    JsonNode body = platform.body();
    assertThat(body.has("price")).isTrue();
    assertThat(body.path("price").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "400 | {\"success\":false,\"error\":\"invalid_args\",\"msg\":\"error 404/3603: no_such_ask"
            + " Instance type by id 55 is not available.\",\"ask_id\":55}",
        "404 | {\"success\":false,\"error\":\"no_such_ask\",\"msg\":\"gone\"}",
        "410 | {\"success\":false,\"error\":\"no_such_ask\",\"msg\":\"error 410/3907 cannot"
            + " start\"}",
        "403 | {\"success\":false,\"error\":\"invalid_args\",\"msg\":\"error 403/3586: hosts may"
            + " not rent\"}",
        "400 | {\"success\":false,\"error\":\"invalid_price\",\"msg\":\"price too low\"}",
        "200 | {\"success\":false,\"msg\":\"insufficient credit\"}",
      })
  void a_clear_no_is_refused(int status, String body) throws Exception {
    platform.answers(status, body.strip());
    assertThat(platform.provider().create(bid())).isInstanceOf(Creation.Refused.class);
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 410, 500})
  void a_no_that_left_a_rental_behind_is_stranded(int status) throws Exception {
    platform.answers(
        status,
        "{\"success\":false,\"error\":\"invalid_args\",\"msg\":\"bid too"
            + " low\",\"new_contract\":7002}");
    Creation creation = platform.provider().create(bid());
    assertThat(creation)
        .isEqualTo(
            new Creation.Stranded(
                id(7002), "vast answered " + status + " invalid_args \"bid too low\""));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void a_server_error_is_unclear_and_sent_once(int status) throws Exception {
    platform.answers(status, "<html>Bad Gateway</html>");
    platform.answers(200, "{\"success\":true,\"new_contract\":7003}");
    assertThat(platform.provider().create(bid()))
        .isEqualTo(new Creation.Unclear("vast answered " + status));
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void a_server_that_asks_to_be_asked_again_at_once_is_not() throws Exception {
    platform.answers(new MockResponse.Builder().code(503).addHeader("Retry-After", "0"));
    platform.answers(200, "{\"success\":true,\"new_contract\":7003}");
    assertThat(platform.provider().create(bid())).isInstanceOf(Creation.Unclear.class);
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void a_connection_cut_before_the_answer_is_unclear_and_sent_once() throws Exception {
    platform.answers(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket(true, true, true)));
    platform.answers(200, "{\"success\":true,\"new_contract\":7003}");
    assertThat(platform.provider().create(bid())).isInstanceOf(Creation.Unclear.class);
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void silence_past_the_deadline_is_unclear() throws Exception {
    platform.answers(new MockResponse.Builder().headersDelay(20, TimeUnit.SECONDS));
    assertThat(platform.hastyProvider().create(bid())).isInstanceOf(Creation.Unclear.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "{\"success\":true}", "[]"})
  void a_yes_without_a_number_is_unclear(String body) throws Exception {
    platform.answers(200, body);
    assertThat(platform.provider().create(bid())).isInstanceOf(Creation.Unclear.class);
  }

  @Test
  void a_bad_key_rents_nothing_and_says_so() {
    platform.answers(
        404, "{\"success\":false,\"error\":\"auth_error\",\"msg\":\"Invalid user key\"}");
    assertThatThrownBy(() -> platform.provider().create(bid()))
        .isInstanceOfSatisfying(
            ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AUTH))
        .hasMessage(
            "Cannot rent offer 55: vast answered 404 auth_error \"Invalid user key\". Check"
                + " VAST_API_KEY, or the file that vastai keeps it in"
                + " (~/.config/vastai/vast_api_key); 'salvor user' tries it.");
  }

  @Test
  void a_rate_limit_rents_nothing_and_is_not_the_offers_fault() {
    platform.answers(429, "{\"detail\":\"API requests too frequent endpoint threshold=4.5\"}");
    assertThatThrownBy(() -> platform.provider().create(bid()))
        .isInstanceOfSatisfying(
            ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RATE_LIMITED));
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void nobody_at_the_address_means_that_nothing_was_rented() {
    VastProvider provider = platform.provider();
    platform.close();
    assertThatThrownBy(() -> provider.create(bid()))
        .isInstanceOfSatisfying(
            ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NETWORK));
  }

  @Test
  void an_onstart_text_over_the_limit_is_never_sent() {
    assertThatThrownBy(() -> platform.provider().create(request("x".repeat(4049), true)))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("the onstart text has 4049 characters, the limit is 4048");
    assertThat(platform.server.getRequestCount()).isZero();
  }

  @Test
  void a_request_prints_no_environment() {
    assertThat(bid().toString()).contains("salvor:f:demo:1:1").doesNotContain("SALVOR_RUN");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void every_shape_is_sent_in_the_platforms_words(Shape shape, String expected) throws Exception {
    platform.answers(200, "{\"success\":true,\"new_contract\":7001}");
    platform.provider().create(request("", false).with(Extras.NONE.shaped(shape)));
    JsonNode body = platform.body();
    Wire.JSON
        .readTree(expected)
        .properties()
        .forEach(e -> assertThat(body.get(e.getKey())).as(e.getKey()).isEqualTo(e.getValue()));
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of(new Shape.Ssh(false), "{\"runtype\":\"ssh_proxy\",\"onstart\":\"\"}"),
        Arguments.of(
            new Shape.Jupyter(true, true, "/work"),
            "{\"runtype\":\"jupyter_direc ssh_direc ssh_proxy\",\"use_jupyter_lab\":true,"
                + "\"jupyter_dir\":\"/work\"}"),
        Arguments.of(
            new Shape.Jupyter(false, false, ""),
            "{\"runtype\":\"jupyter_proxy"
                + " ssh_proxy\",\"use_jupyter_lab\":false,\"jupyter_dir\":null}"),
        Arguments.of(
            new Shape.Args("bash", List.of("-c", "git clone x && bash run.sh"), ""),
            "{\"runtype\":\"args\",\"onstart\":\"bash\","
                + "\"args\":[\"-c\",\"git clone x && bash run.sh\"]}"),
        Arguments.of(
            new Shape.Args("", List.of(), "bash -c 'echo \"a b\"'"),
            "{\"runtype\":\"args\",\"onstart\":null,\"args_str\":\"bash -c 'echo \\\"a b\\\"'\"}"));
  }

  @Test
  void a_command_line_as_an_entrypoint_is_refused_with_the_reason() {
    Shape wrong = new Shape.Args("bash -c 'cd /work && go'", List.of(), "");
    assertThatThrownBy(
            () -> platform.provider().create(request("", true).with(Extras.NONE.shaped(wrong))))
        .hasMessageContaining("the container runtime would look for a file of that name");
    assertThat(platform.server.getRequestCount()).isZero();
  }

  @Test
  void a_65th_port_and_what_opens_none_are_refused() {
    Map<String, String> env = new HashMap<>(Map.of("-p eighty", "1"));
    for (int port = 8000; port < 8065; port++) {
      env.put("-p " + port + ":" + port, "1");
    }
    CreateRequest many =
        new CreateRequest(55, "l", "i", 16, UsdPerHour.of(0.25), true, "true\n", env);
    assertThatThrownBy(() -> platform.provider().create(many))
        .hasMessageContaining("66 ports are asked for, a box has at most 64")
        .hasMessageContaining("\"-p eighty\" opens no port");
  }

  @Test
  void a_login_is_sent_for_its_registry_and_never_shown() throws Exception {
    Map<String, String> env = Map.of("GHCR_TOKEN", "ghp_hush");
    assertThat(ImageLogin.of("pytorch/pytorch", env)).isEmpty();
    ImageLogin login = ImageLogin.of("ghcr.io/somebody/image:1", env).orElseThrow();
    assertThat(login.toString() + login.warning())
        .contains("the platform stores the login of somebody")
        .doesNotContain("hush");
    CreateRequest request = request("", true).with(Extras.NONE.with(login));
    platform.answers(400, "{\"msg\":\"bad login -u somebody -p ghp_hush ghcr.io\"}");
    assertThat(platform.provider().create(request))
        .isEqualTo(
            new Creation.Refused("vast answered 400 \"bad login -u somebody -p *** ghcr.io\""));
    assertThat(platform.body().path("image_login").asText())
        .isEqualTo("-u somebody -p ghp_hush ghcr.io");
    assertThat(request.toString()).doesNotContain("hush");
  }

  @Test
  void a_volume_is_linked_or_made() throws Exception {
    platform.answers(200, "{\"success\":true,\"new_contract\":7001}");
    platform.answers(200, "{\"success\":true,\"new_contract\":7002}");
    var old = new Extras.VolumeLink("/data", 881, "", 0);
    platform.provider().create(request("", true).with(Extras.NONE.with(old)));
    assertThat(platform.body().path("volume_info").toString())
        .isEqualTo("{\"mount_path\":\"/data\",\"create_new\":false,\"volume_id\":881}");
    var fresh = new Extras.VolumeLink("/data", 0, "cache", 20);
    platform.provider().create(request("", true).with(Extras.NONE.with(fresh)));
    assertThat(platform.body().path("volume_info").toString())
        .isEqualTo("{\"mount_path\":\"/data\",\"create_new\":true,\"name\":\"cache\",\"size\":20}");
  }

  @Test
  void oneshot_is_explained() {
    Runtype read = Runtype.of("oneshot").orElseThrow();
    assertThat(read.shape()).isInstanceOf(Shape.Args.class);
    assertThat(read.stopsAtEnd()).isTrue();
    assertThat(read.note()).contains("no runtype of the platform's");
    assertThat(Runtype.of("bare-metal")).isEmpty();
    assertThat(Runtype.WORDS).allMatch(word -> Runtype.of(word).isPresent());
  }

  private static CreateRequest bid() {
    return request("#!/bin/bash\ntrue\n", true);
  }

  private static CreateRequest request(String onstart, boolean interruptible) {
    return new CreateRequest(
        55,
        "salvor:f:demo:1:1",
        "pytorch/pytorch",
        16,
        UsdPerHour.of(0.25),
        interruptible,
        onstart,
        Map.of("SALVOR_RUN", "demo"));
  }

  private static InstanceId id(long value) {
    return new InstanceId(value);
  }
}
