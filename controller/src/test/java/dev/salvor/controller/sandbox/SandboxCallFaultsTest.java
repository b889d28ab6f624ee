package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Faults that a call meets: what goes over the wire.
final class SandboxCallFaultsTest {
  private SandboxRig rig;

  @BeforeEach
  void open(@TempDir Path home) throws Exception {
    rig = SandboxRig.open(home, SandboxRig.manner(false, true));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private void fault(String json) throws Exception {
    JsonNode answer = rig.call("POST", "/sandbox/faults", json.replace('\'', '"'));
    assertThat(answer.path("success").asBoolean()).as(answer.toString()).isTrue();
  }

  private int listed() throws Exception {
    return rig.get("/api/v1/instances/").path("total_instances").asInt();
  }

  @Test
  void a_create_that_answers_502_has_taken_effect() throws Exception {
    fault("{'kind':'create_502'}");
    String path = "/api/v0/asks/" + rig.offer("bid").path("id").asLong() + "/";
    String body = "{\"image\":\"i\",\"price\":9,\"label\":\"lost\",\"target_state\":\"stopped\"}";
    var answer = rig.send("PUT", path, body);
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).startsWith("<html>");
    JsonNode list = rig.get("/api/v1/instances/");
    assertThat(list.path("instances").path(0).path("label").asText()).isEqualTo("lost");
  }

  @Test
  void each_shape_of_429_comes_as_often_as_told() throws Exception {
    fault(
        "[{'kind':'http_429','endpoint':'list','times':2},{'kind':'http_429','endpoint':'user','form':'detail'}]");
    assertThat(rig.send("GET", "/api/v1/instances/", "").statusCode()).isEqualTo(429);
    assertThat(rig.send("GET", "/api/v1/instances/", "").statusCode()).isEqualTo(429);
    assertThat(rig.send("GET", "/api/v1/instances/", "").statusCode()).isEqualTo(200);
    var detail = rig.send("GET", "/api/v0/users/current", "");
    assertThat(detail.statusCode()).isEqualTo(429);
    assertThat(SandboxRig.JSON.readTree(detail.body()).path("detail").asText())
        .contains("too frequent");
  }

  @Test
  void slow_logs_are_not_there_at_first() throws Exception {
    long id = rig.rent("", "\"target_state\":\"stopped\"");
    fault("{'kind':'slow_logs','times':2}");
    String path = "/api/v0/instances/request_logs/" + id + "/";
    String url = rig.call("PUT", path, "{\"tail\":\"5\"}").path("result_url").asText();
    assertThat(rig.send("GET", url, "", "").statusCode()).isEqualTo(404);
    assertThat(rig.send("GET", url, "", "").statusCode()).isEqualTo(404);
    assertThat(rig.send("GET", url, "", "").statusCode()).isEqualTo(200);
  }

  @Test
  void a_slow_answer_comes_late_to_what_is_done_at_once() throws Exception {
    long id = rig.rent("", "\"target_state\":\"stopped\"");
    fault("{'kind':'slow_answer','endpoint':'destroy','seconds':0.5}");
    long asked = System.nanoTime();
    rig.call("DELETE", "/api/v0/instances/" + id + "/", "{}");
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(Duration.ofMillis(500));
    assertThat(rig.log().stream().map(SandboxCallFaultsTest::kind))
        .containsSubsequence("fault", "destroy");
    assertThat(listed()).isZero();
  }

  @Test
  void a_stale_list_is_answered_once() throws Exception {
    rig.rent("", "\"target_state\":\"stopped\"");
    fault("{'kind':'stale_list','seconds':60}");
    assertThat(listed()).isZero();
    assertThat(listed()).isEqualTo(1);
  }

  @Test
  void the_log_has_every_change_in_order() throws Exception {
    long id = rig.rent("", "\"target_state\":\"stopped\"");
    rig.call("PUT", "/api/v0/instances/" + id + "/", "{\"label\":\"x\"}");
    rig.call("DELETE", "/api/v0/instances/" + id + "/", "{}");
    var kinds = rig.log().stream().map(SandboxCallFaultsTest::kind).toList();
    assertThat(kinds)
        .containsSubsequence("market_opened", "create", "label", "destroy", "destroyed");
    assertThat(rig.log()).allMatch(line -> line.matches("\\{\"time\":\"[-0-9T:]+\\.\\d{3}Z\",.*"));
  }

  private static String kind(String line) {
    return line.replaceAll(".*\"kind\":\"(\\w+)\".*", "$1");
  }
}
