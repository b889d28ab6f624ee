package dev.salvor.controller.desk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.view.NoticeView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One answer of the desk, as a client got it.
public record Answer(JsonNode body, List<NoticeView> notices) {
  public Answer {
    notices = List.copyOf(notices);
  }

  /// Its body as what it is.
  public <T> T as(Class<T> type) throws DeskException {
    try {
      return Json.read(body, type);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Reads a frame: empty for the end of a stream.
  static Optional<Answer> of(byte[] frame) throws DeskException {
    try {
      JsonNode tree = Json.tree(frame);
      if (tree.path("end").asBoolean()) {
        return Optional.empty();
      }
      JsonNode error = tree.path("error");
      if (error.isObject()) {
        throw new DeskException(
            Json.read(error.path("kind"), DeskException.Kind.class),
            error.path("message").asText());
      }
      List<NoticeView> notices = new ArrayList<>();
      for (JsonNode notice : tree.path("notices")) {
        notices.add(Json.read(notice, NoticeView.class));
      }
      return Optional.of(new Answer(tree.path("ok"), notices));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DeskException unreadable(IOException cause) {
    return new DeskException(
        DeskException.Kind.LOST,
        "Cannot read the controller's answer: %s. Is it of the same version?"
            .formatted(String.valueOf(cause.getMessage()).lines().findFirst().orElse("")),
        cause);
  }
}
