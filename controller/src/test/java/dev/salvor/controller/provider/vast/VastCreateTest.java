package dev.salvor.controller.provider.vast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.provider.Provider.CreateRequest;
import dev.salvor.controller.provider.Provider.Creation;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                + " VAST_API_KEY, then run 'salvor doctor'.");
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
