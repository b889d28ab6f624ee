package dev.salvor.controller.provider.vast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every shape in which the platform says no, what we make of it, and what is tried again.
class VastErrorsTest {
  private static final InstanceId BOX = new InstanceId(4711);
  private static final String DONE = "{\"success\":true}";
  private Platform platform;

  @BeforeEach
  void start() throws IOException {
    platform = new Platform();
  }

  @AfterEach
  void end() {
    platform.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "404 | {\"success\":false,\"error\":\"auth_error\",\"msg\":\"Invalid user key\"} | AUTH",
        "404 | {\"success\":false,\"msg\":\"Session expired. Please log in again.\"} | AUTH",
        "401 | {\"msg\":\"Invalid user key\"} | AUTH",
        "401 | {\"success\":false,\"error\":\"auth_error\",\"msg\":\"Two Factor Authentication\"} |"
            + " AUTH",
        "403 | {\"error\":\"auth_error\",\"msg\":\"This action requires login.\"} | AUTH",
        "403 | {\"error\":\"not_authorized\"} | AUTH",
        "404 | {\"success\":false,\"error\":\"no_such_instance\",\"msg\":\"gone\"} | NOT_FOUND",
        "404 | {\"error\":\"not_found\"} | NOT_FOUND",
        "404 | {\"error\":\"invalid_id\",\"msg\":\"x\"} | NOT_FOUND",
        "404 | <html>nginx</html> | PROTOCOL",
        "410 | {\"success\":false,\"error\":\"deprecated_endpoint\",\"msg\":\"use v1\"} | PROTOCOL",
        "400 | {\"success\":false,\"error\":\"missing_billing\",\"msg\":\"add a card\"} | REFUSED",
        "400 | {\"message\":\"no state\"} | REFUSED",
        "411 | {\"success\":false,\"msg\":\"no credit\"} | REFUSED",
        "200 | {\"success\":false,\"msg\":\"state is locked\"} | REFUSED",
        "200 | {\"success\":false,\"error\":\"auth_error\",\"msg\":\"x\"} | AUTH",
        "200 | <html>captive portal</html> | PROTOCOL",
        "500 | {\"success\":false,\"error\":\"server_error\",\"msg\":\"x\"} | SERVER",
        "500 | Internal Server Error | SERVER",
      })
  void each_shape_has_its_kind_and_is_asked_once(int status, String body, Kind kind) {
    platform.answers(status, body.strip());
    assertThat(failure(platform.provider()).kind()).isEqualTo(kind);
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void the_message_says_what_was_tried_why_not_and_what_next() {
    platform.answers(
        404, "{\"success\":false,\"error\":\"auth_error\",\"msg\":\"Invalid user key\"}");
    assertThat(failure(platform.provider()))
        .hasMessage(
            "Cannot stop instance 4711: vast answered 404 auth_error \"Invalid user key\". Check"
                + " VAST_API_KEY, or the file that vastai keeps it in"
                + " (~/.config/vastai/vast_api_key); 'salvor user' tries it.");
  }

  @Test
  void foreign_words_are_made_fit_for_a_terminal_and_never_show_the_key() {
    platform.answers(
        400, "{\"msg\":\"bad \\u001b[31mkey the-account-key\\nnext " + "x".repeat(5000) + "\"}");
    String message = String.valueOf(failure(platform.provider()).getMessage());
    assertThat(message)
        .contains("bad [31mkey *** next x")
        .doesNotContain("the-account-key", "\u001b", "\n")
        .hasSizeLessThan(500);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "429 | API requests too frequent",
        "429 | {\"detail\":\"API requests too frequent endpoint threshold=0.1\"}",
        "429 | {\"success\":false,\"error\":\"rate_limit_exceeded\",\"msg\":\"slow down\"}",
        "200 | {\"success\":false,\"error\":\"rate_limit_exceeded\",\"msg\":\"slow down\"}",
        "502 | <html>Bad Gateway</html>",
        "503 | ''",
        "504 | upstream timed out",
      })
  void passing_trouble_is_waited_out(int status, String body) throws Exception {
    platform.answers(status, body.strip());
    platform.answers(status, body.strip());
    platform.answers(200, DONE);
    platform.provider().stop(BOX);
    assertThat(platform.server.getRequestCount()).isEqualTo(3);
    assertThat(platform.ticks.sleeps).hasSize(2);
  }

  @Test
  void a_cut_connection_is_tried_again_where_that_does_no_harm() throws Exception {
    platform.answers(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket(true, true, true)));
    platform.answers(200, DONE);
    platform.provider().stop(BOX);
    assertThat(platform.server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void trouble_that_does_not_pass_is_told_after_four_tries() {
    for (int i = 0; i < 6; i++) {
      platform.answers(503, "down for repairs");
    }
    assertThat(failure(platform.provider()))
        .hasMessageContaining("vast answered 503 \"down for repairs\"")
        .extracting(ProviderException::kind)
        .isEqualTo(Kind.SERVER);
    assertThat(platform.server.getRequestCount()).isEqualTo(4);
  }

  @Test
  void back_off_grows_and_is_never_shorter_than_the_threshold() {
    for (int i = 0; i < 6; i++) {
      platform.answers(503, "");
    }
    failure(platform.pacedProvider(Duration.ofSeconds(60)));
    assertThat(platform.ticks.sleeps)
        .containsExactly(Duration.ofMillis(1200), Duration.ofMillis(1400), Duration.ofMillis(1800));
  }

  @Test
  void back_off_heeds_the_threshold_that_a_rate_limit_names() throws Exception {
    platform.answers(429, "API requests too frequent: endpoint threshold=5.5");
    platform.answers(200, DONE);
    platform.pacedProvider(Duration.ofSeconds(60)).stop(BOX);
    assertThat(platform.ticks.sleeps).containsExactly(Duration.ofMillis(5700));
  }

  @Test
  void no_pause_goes_past_the_deadline() {
    platform.answers(503, "");
    failure(platform.pacedProvider(Duration.ofMillis(1100)));
    assertThat(platform.ticks.sleeps).isEmpty();
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void silence_ends_at_the_deadline() {
    platform.answers(new MockResponse.Builder().headersDelay(20, TimeUnit.SECONDS));
    assertThat(failure(platform.hastyProvider()).kind()).isEqualTo(Kind.NETWORK);
  }

  @Test
  void an_answer_that_never_ends_is_not_read_to_the_end() {
    platform.answers(
        new MockResponse.Builder().body("x".repeat(17 << 20)).addHeader("Content-Type", "text/a"));
    ProviderException e = failure(platform.pacedProvider(Duration.ofMillis(500)));
    assertThat(e).hasMessageContaining("longer than 16 MB");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void a_redirect_is_a_wrong_setting_and_the_key_goes_nowhere(int status) throws Exception {
    try (Platform elsewhere = new Platform()) {
      String target = elsewhere.server.url("/api/").toString();
      platform.answers(new MockResponse.Builder().code(status).addHeader("Location", target));
      ProviderException e = failure(platform.provider());
      assertThat(e.kind()).isEqualTo(Kind.PROTOCOL);
      assertThat(e).hasMessageContaining("Set VAST_URL").hasMessageContaining(target);
      assertThat(elsewhere.server.getRequestCount()).isZero();
    }
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void the_key_is_not_sent_in_the_clear_to_another_machine() {
    assertThatThrownBy(() -> VastConfig.of("http://console.vast.ai", Platform.KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https only");
    assertThat(VastConfig.of("http://127.0.0.1:8080", Platform.KEY).pacing())
        .isEqualTo(Pacing.NONE);
    assertThat(VastConfig.of("https://console.vast.ai", Platform.KEY).pacing())
        .isEqualTo(Pacing.PLATFORM);
  }

  @Test
  void a_config_prints_no_key() {
    assertThat(VastConfig.of("http://127.0.0.1:8080", new Secret("hush")).toString())
        .contains("***")
        .doesNotContain("hush");
  }

  private static ProviderException failure(VastProvider provider) {
    return catchThrowableOfType(ProviderException.class, () -> provider.stop(BOX));
  }
}
