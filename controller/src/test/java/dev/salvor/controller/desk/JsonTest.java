package dev.salvor.controller.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.RunViews;
import dev.salvor.controller.view.Story;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class JsonTest {

  @Test
  void a_view_comes_back_as_it_was() throws IOException {
    Story story = Story.training("demo").announces("a", "b");
    RunView view = RunViews.of(story.snapshot(), story.now());
    assertThat(Json.read(Json.line(view), RunView.class)).isEqualTo(view);
  }

  @Test
  void money_is_a_decimal_string_and_time_rfc_3339() {
    Story story = Story.training("demo");
    String json = Json.line(RunViews.of(story.snapshot(), story.now()));
    assertThat(json)
        .contains("\"since\":\"2026-11-21T12:00:00Z\"")
        .contains("\"burn\":\"0.120000\"")
        .contains("\"run\":\"demo\"")
        .contains("\"phase\":\"TRAINING\"");
  }

  @Test
  void a_request_is_told_by_its_verb() throws IOException {
    Request start = new Request.Start(Story.spec("demo"));
    String json = Json.line(start);
    assertThat(json).startsWith("{\"verb\":\"start\"");
    assertThat(Json.read(json, Request.class)).isEqualTo(start);
    assertThat(Json.read("{\"verb\":\"ps\"}", Request.class)).isEqualTo(new Request.Ps());
  }

  @Test
  void what_is_no_request_is_refused() {
    for (String bad :
        new String[] {
          "",
          "null x",
          "[]",
          "{}",
          "{\"verb\":\"fly\"}",
          "{\"verb\":\"status\"}",
          "{\"verb\":\"logs\",\"run\":\"a\",\"tail\":\"many\"}",
          "{\"verb\":\"ps\"} {}",
          "[".repeat(10_000),
        }) {
      assertThatThrownBy(() -> Json.read(bad, Request.class))
          .as(bad)
          .isInstanceOf(IOException.class);
    }
  }
}
