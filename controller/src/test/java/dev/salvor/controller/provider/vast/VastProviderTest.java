package dev.salvor.controller.provider.vast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.GrantedPermit;
import dev.salvor.controller.core.Sight.Status;
import dev.salvor.controller.core.Sight.Wanted;
import dev.salvor.controller.provider.Provider.CopySource;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Listing, and changing what is rented, against recorded answers.
class VastProviderTest {
  private static final InstanceId BOX = new InstanceId(7001);
  private static final String DONE = "{\"success\":true}";
  private static final String QUEUED =
      "{\"success\":false,\"error\":\"\",\"msg\":\"Required resources are currently unavailable,"
          + " state change queued.\"}";
  private Platform platform;
  private VastProvider provider;

  @BeforeEach
  void start() throws IOException {
    platform = new Platform();
    provider = platform.provider();
  }

  @AfterEach
  void end() {
    platform.close();
  }

  @Test
  void a_row_is_read_as_recorded() throws Exception {
    platform.answers(
        200,
        """
        {"success":true,"instances_found":1,"total_instances":1,"next_token":null,"instances":[
         {"id":7001,"actual_status":"running","intended_status":"running","cur_state":"running",
          "status_msg":"success, running pytorch/ssh\\n","label":"salvor:f:demo:1:1 ","is_bid":true,
          "machine_id":900,"gpu_name":"RTX 4090","num_gpus":2,"dph_total":0.41,"min_bid":0.3,
          "disk_space":16.0,"storage_cost":0.18,"storage_total_cost":0.004,"start_date":1.7e9,
          "public_ipaddr":"1.2.3.4\\n","ports":null,"extra_env":[["A","b"]],"gpu_util":null}]}
        """);
    Row row = provider.list().getFirst();
    assertThat(row.instance()).isEqualTo(BOX);
    assertThat(row.label()).isEqualTo("salvor:f:demo:1:1");
    assertThat(row.machine()).isEqualTo(new MachineId(900));
    assertThat(row.gpu()).isEqualTo("RTX 4090");
    assertThat(row.gpus()).isEqualTo(2);
    assertThat(row.storage()).isEqualTo(UsdPerHour.of(0.004));
    assertThat(row.sight().status()).isEqualTo(Status.RUNNING);
    assertThat(row.sight().wanted()).isEqualTo(Wanted.RUNNING);
    assertThat(row.sight().bid()).isTrue();
    assertThat(row.sight().burn()).isEqualTo(UsdPerHour.of(0.41));
    assertThat(row.sight().minBid()).isEqualTo(UsdPerHour.of(0.3));
    assertThat(row.sight().words())
        .isEqualTo("running, meant to be running, state running: success, running pytorch/ssh");
    RecordedRequest asked = platform.asked();
    assertThat(asked.getMethod()).isEqualTo("GET");
    assertThat(asked.getUrl().encodedPath()).isEqualTo("/api/v1/instances/");
    assertThat(asked.getUrl().queryParameter("select_filters")).isEqualTo("{}");
    assertThat(asked.getUrl().queryParameter("order_by"))
        .isEqualTo("[{\"col\":\"id\",\"dir\":\"asc\"}]");
    assertThat(asked.getUrl().queryParameter("limit")).isEqualTo("25");
    assertThat(asked.getUrl().queryParameter("api_key")).isNull();
  }

  @Test
  void nulls_everywhere_are_survived() throws Exception {
    platform.answers(
        200,
        """
        {"success":true,"next_token":null,"instances":[{"id":7001,"actual_status":null,
         "intended_status":null,"cur_state":null,"status_msg":null,"label":null,"machine_id":null,
         "gpu_name":null,"num_gpus":null,"dph_total":null,"min_bid":-1,"storage_cost":null}]}
        """);
    Row row = provider.list().getFirst();
    assertThat(row.label()).isEmpty();
    assertThat(row.sight().status()).isEqualTo(Status.LOADING);
    assertThat(row.sight().minBid()).isEqualTo(UsdPerHour.ZERO);
  }

  @Test
  void pages_are_followed_to_the_end() throws Exception {
    platform.answers(200, page("[{\"id\":1},{\"id\":2}]", "\"t1\""));
    platform.answers(200, page("[{\"id\":2},{\"id\":3}]", "\"t2\""));
    platform.answers(200, page("[{\"id\":4}]", "null"));
    assertThat(provider.list())
        .extracting(row -> row.instance().value())
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(platform.asked().getUrl().queryParameter("after_token")).isNull();
    assertThat(platform.asked().getUrl().queryParameter("after_token")).isEqualTo("t1");
    assertThat(platform.asked().getUrl().queryParameter("after_token")).isEqualTo("t2");
  }

  @Test
  void a_list_that_breaks_off_is_no_list() {
    platform.answers(200, page("[{\"id\":1}]", "\"t1\""));
    platform.answers(500, "{\"msg\":\"oops\"}");
    assertThatThrownBy(provider::list).isInstanceOf(ProviderException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"success\":true}",
        "{\"success\":true,\"instances\":null,\"next_token\":null}",
        "{\"success\":true,\"instances\":[{\"label\":\"x\"}],\"next_token\":null}",
        "<html>maintenance</html>",
        ""
      })
  void an_answer_without_a_proper_list_never_reads_as_nothing_rented(String body) {
    platform.answers(200, body);
    assertThatThrownBy(provider::list).isInstanceOf(ProviderException.class);
  }

  @Test
  void a_token_that_comes_twice_ends_the_listing() {
    platform.answers(200, page("[{\"id\":1}]", "\"t1\""));
    platform.answers(200, page("[{\"id\":1}]", "\"t1\""));
    assertThatThrownBy(provider::list).hasMessageContaining("the same page token came twice");
  }

  @ParameterizedTest
  @CsvSource({
    "running, running, running, RUNNING, RUNNING",
    "running, stopped, running, RUNNING, STOPPED",
    "'', running, running, LOADING, RUNNING",
    "created, running, running, LOADING, RUNNING",
    "loading, running, running, LOADING, RUNNING",
    "rebooting, running, running, LOADING, RUNNING",
    "created, stopped, stopped, STOPPED, STOPPED",
    "stopped, stopped, stopped, STOPPED, STOPPED",
    "exited, stopped, stopped, STOPPED, STOPPED",
    "exited, running, running, STOPPED, RUNNING",
    "frozen, running, running, STOPPED, RUNNING",
    "offline, running, running, OFFLINE, RUNNING",
    "unknown, running, running, UNKNOWN, RUNNING",
    "brand-new-word, running, running, UNKNOWN, RUNNING",
  })
  void status_words_map_to_ours(
      String actual, String intended, String state, Status status, Wanted wanted) throws Exception {
    platform.answers(200, page("[" + states(actual, intended, state) + "]", "null"));
    Row row = provider.list().getFirst();
    assertThat(row.sight().status()).isEqualTo(status);
    assertThat(row.sight().wanted()).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource({
    "running, 0.41",
    "frozen, 0.41",
    "unknown, 0.41",
    "exited, 0.004",
    "stopped, 0.004",
    "loading, 0.004",
    "offline, 0.004"
  })
  void what_it_costs_now_depends_on_what_it_does(String actual, double burn) throws Exception {
    platform.answers(200, page("[" + states(actual, "running", "running") + "]", "null"));
    assertThat(provider.list().getFirst().sight().burn()).isEqualTo(UsdPerHour.of(burn));
  }

  @Test
  void exited_right_after_our_start_is_still_loading_and_later_it_is_not() throws Exception {
    String exited = page("[" + states("exited", "running", "running") + "]", "null");
    platform.answers(200, "{}");
    platform.answers(200, DONE);
    platform.answers(200, exited);
    platform.answers(200, exited);
    assertThat(provider.raise(BOX, UsdPerHour.of(0.3))).isTrue();
    assertThat(provider.list().getFirst().sight().status()).isEqualTo(Status.LOADING);
    platform.ticks.pass(Duration.ofMinutes(3));
    assertThat(provider.list().getFirst().sight().status()).isEqualTo(Status.STOPPED);
  }

  @Test
  void raising_changes_the_bid_then_starts() throws Exception {
    platform.answers(200, DONE);
    platform.answers(200, DONE);
    assertThat(provider.raise(BOX, UsdPerHour.of(0.31))).isTrue();
    RecordedRequest bid = platform.asked();
    assertThat(bid.getRequestLine()).isEqualTo("PUT /api/v0/instances/bid_price/7001/ HTTP/1.1");
    assertThat(Platform.body(bid))
        .isEqualTo(Wire.JSON.readTree("{\"client_id\":\"me\",\"price\":0.31}"));
    RecordedRequest start = platform.asked();
    assertThat(start.getRequestLine()).isEqualTo("PUT /api/v0/instances/7001/ HTTP/1.1");
    assertThat(Platform.body(start)).isEqualTo(Wire.JSON.readTree("{\"state\":\"running\"}"));
  }

  @Test
  void a_queued_start_is_told_apart_from_one_that_runs_now() throws Exception {
    platform.answers(200, DONE);
    platform.answers(200, QUEUED);
    assertThat(provider.raise(BOX, UsdPerHour.of(0.31))).isFalse();
  }

  @Test
  void a_bid_is_never_sent_twice() {
    platform.answers(503, "");
    platform.answers(200, DONE);
    assertThatThrownBy(() -> provider.raise(BOX, UsdPerHour.of(0.31)))
        .isInstanceOf(ProviderException.class);
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void stopping_sends_the_state() throws Exception {
    platform.answers(200, DONE);
    provider.stop(BOX);
    RecordedRequest stop = platform.asked();
    assertThat(stop.getRequestLine()).isEqualTo("PUT /api/v0/instances/7001/ HTTP/1.1");
    assertThat(Platform.body(stop)).isEqualTo(Wire.JSON.readTree("{\"state\":\"stopped\"}"));
  }

  @Test
  void destroying_sends_a_delete_with_a_body() throws Exception {
    platform.answers(200, DONE);
    provider.destroy(GrantedPermit.forInstance(BOX));
    RecordedRequest destroy = platform.asked();
    assertThat(destroy.getRequestLine()).isEqualTo("DELETE /api/v0/instances/7001/ HTTP/1.1");
    assertThat(Platform.body(destroy)).isEqualTo(Wire.JSON.readTree("{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no_such_instance", "not_found"})
  void destroying_what_is_gone_is_done(String code) throws Exception {
    platform.answers(404, "{\"success\":false,\"error\":\"" + code + "\",\"msg\":\"gone\"}");
    provider.destroy(GrantedPermit.forInstance(BOX));
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "404 | {\"success\":false,\"error\":\"auth_error\",\"msg\":\"Invalid user key\"}",
        "404 | {\"msg\":\"Session expired. Please log in again.\"}",
        "404 | <html>no such page</html>",
        "404 | {}",
        "200 | {\"success\":false,\"msg\":\"busy\"}",
        "200 | ok",
        "400 | {\"success\":false,\"error\":\"invalid_args\",\"msg\":\"x\"}",
      })
  void destroying_is_not_done_on_any_other_answer(int status, String body) {
    platform.answers(status, body.strip());
    assertThatThrownBy(() -> provider.destroy(GrantedPermit.forInstance(BOX)))
        .isInstanceOf(ProviderException.class)
        .hasMessageStartingWith("Cannot destroy instance 7001: vast answered " + status);
  }

  @Test
  void copying_asks_where_from() throws Exception {
    platform.answers(200, "{\"success\":true,\"src_addr\":\"127.0.0.1\",\"src_port\":\"2200\"}");
    assertThat(provider.copyFrom(BOX, "/workspace/"))
        .isEqualTo(new CopySource("vastai_kaalia", "127.0.0.1", 2200, "C.7001//workspace/"));
    RecordedRequest copy = platform.asked();
    assertThat(copy.getRequestLine()).isEqualTo("PUT /api/v0/commands/rsync/ HTTP/1.1");
    assertThat(Platform.body(copy))
        .isEqualTo(
            Wire.JSON.readTree(
                "{\"client_id\":\"me\",\"src_id\":\"C.7001\",\"dst_id\":null,\"src_path\":\"/workspace/\",\"dst_path\":\".\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-oProxyCommand=evil", "a b", "", "host;rm"})
  void an_address_that_ssh_would_read_as_something_else_is_refused(String host) {
    platform.answers(200, "{\"success\":true,\"src_addr\":\"" + host + "\",\"src_port\":2200}");
    assertThatThrownBy(() -> provider.copyFrom(BOX, "/work/"))
        .hasMessageContaining("is no address");
  }

  @Test
  void a_key_that_the_account_has_is_not_added_again() throws Exception {
    platform.answers(
        200, "[{\"id\":1,\"user_id\":2,\"key\":\"ssh-ed25519 AAAA somebody@there\\n\"}]");
    provider.useSshKey("ssh-ed25519 AAAA me@here\n");
    assertThat(platform.server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void a_key_that_is_missing_is_added() throws Exception {
    platform.answers(404, "{\"success\":false,\"error\":\"not_found\",\"msg\":\"no keys\"}");
    platform.answers(200, "{\"success\":true,\"key\":{\"id\":1,\"public_key\":\"…\"}}");
    provider.useSshKey("ssh-ed25519 BBBB me@here\n");
    assertThat(platform.asked().getRequestLine()).isEqualTo("GET /api/v0/ssh/ HTTP/1.1");
    RecordedRequest added = platform.asked();
    assertThat(added.getRequestLine()).isEqualTo("POST /api/v0/ssh/ HTTP/1.1");
    assertThat(Platform.body(added))
        .isEqualTo(Wire.JSON.readTree("{\"ssh_key\":\"ssh-ed25519 BBBB me@here\"}"));
  }

  @Test
  void credit_is_read_as_sent_and_may_be_negative() throws Exception {
    platform.answers(200, "{\"id\":1,\"credit\":-0.25,\"balance\":7}");
    assertThat(provider.credit()).isEqualTo(Usd.of(-0.25));
    assertThat(platform.asked().getRequestLine()).isEqualTo("GET /api/v0/users/current HTTP/1.1");
  }

  private static String page(String rows, String token) {
    return "{\"success\":true,\"instances\":" + rows + ",\"next_token\":" + token + "}";
  }

  private static String states(String actual, String intended, String state) {
    String known = List.of("", "null").contains(actual) ? "null" : "\"" + actual + "\"";
    return """
    {"id":7001,"actual_status":%s,"intended_status":"%s","cur_state":"%s","dph_total":0.41,
     "storage_total_cost":0.004}
    """
        .formatted(known, intended, state);
  }
}
