package dev.salvor.controller.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Facts that an earlier build stored, as this build would have stored them: a part that was not
/// known then has the value that it had in effect.
final class Older {
  private Older() {}

  static JsonNode raise(JsonNode fact) {
    if (!(fact instanceof ObjectNode stored)) {
      return fact;
    }
    switch (stored.path("is").asText()) {
      // A job was a command and no more.
      case "run-requested" -> {
        if (stored.path("spec").path("job") instanceof ObjectNode job && !job.has("care")) {
          care(job.putObject("care"));
        }
      }
      // A box started its job once a boot.
      case "job-started", "job-ended" -> {
        if (!stored.has("start")) {
          stored.put("start", 1);
        }
      }
      default -> {
        // As it was.
      }
    }
    return stored;
  }

  private static void care(ObjectNode care) {
    care.putArray("tasks");
    care.putArray("envFirst");
    care.putArray("envResume");
    care.put("listens", "");
    care.putArray("scratch");
    care.putArray("secrets");
    care.put("checkpointEvery", "PT0S");
  }
}
