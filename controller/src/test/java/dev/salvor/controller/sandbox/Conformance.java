package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A client that speaks to the sandbox as the platform's own does, request by request: its paths
/// with and without slashes, its encoding, its bodies, and what it reads from the answers.
abstract class Conformance {
  SandboxRig rig;

  @BeforeEach
  void open(@TempDir Path home) throws Exception {
    rig = SandboxRig.open(home, SandboxRig.manner(false, true));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  static JsonNode json(String text) throws Exception {
    return SandboxRig.JSON.readTree(text.replace('\'', '"'));
  }

  /// As the client sends a JSON document in a query: a space is a plus.
  static String quoted(String json) {
    return URLEncoder.encode(json.replace('\'', '"'), StandardCharsets.UTF_8);
  }

  /// An answer that the client would take: 200, and exactly this content type.
  JsonNode ok(String method, String path, String body) throws Exception {
    String sent = body.startsWith("{'") ? body.replace('\'', '"') : body;
    HttpResponse<String> answer = rig.send(method, path, sent);
    assertThat(answer.statusCode()).as(method + " " + path + " " + answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    return SandboxRig.JSON.readTree(answer.body());
  }

  JsonNode done(String method, String path, String body) throws Exception {
    JsonNode answer = ok(method, path, body);
    assertThat(answer.path("success").asBoolean()).as(path + " " + answer).isTrue();
    return answer;
  }

  void refused(int status, String error, HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(SandboxRig.JSON.readTree(answer.body()).path("error").asText()).isEqualTo(error);
  }

  /// What `create instance` sends, every key of it.
  static ObjectNode createBody() throws Exception {
    return (ObjectNode)
        json(
            "{'client_id':'me','image':'pytorch/pytorch','env':{'A':'b','-p 8080:8080':'1'},"
                + "'price':null,'disk':10.0,'label':null,'extra':null,'onstart':'true',"
                + "'image_login':null,'python_utf8':false,'lang_utf8':false,"
                + "'use_jupyter_lab':false,'jupyter_dir':null,'force':false,"
                + "'cancel_unavail':false,'template_hash_id':null,'user':null,"
                + "'runtype':'ssh_direc ssh_proxy'}");
  }

  long create() throws Exception {
    return create(createBody());
  }

  long create(ObjectNode body) throws Exception {
    long offer = rig.offer("on-demand").path("id").asLong();
    JsonNode made = done("PUT", "/api/v0/asks/" + offer + "/", body.toString());
    assertThat(made.path("instance_api_key").asText()).isNotEmpty();
    return made.path("new_contract").asLong();
  }

  String fetched(JsonNode answer) throws Exception {
    HttpResponse<String> result = rig.send("GET", answer.path("result_url").asText(), "", "");
    assertThat(result.statusCode()).isEqualTo(200);
    return result.body();
  }
}
