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
      case "run-requested" -> {
        if (stored.path("spec") instanceof ObjectNode spec) {
          spec(spec);
        }
      }
      // A run knew nothing of what machines had done to others.
      case "settled" -> {
        if (stored.path("outcome") instanceof ObjectNode outcome) {
          outcome(outcome);
        }
      }
      // The first task that failed ended the list.
      case "task-done" -> number(stored, "exit", 0);
      // A box started its job once a boot.
      case "job-started", "job-ended" -> number(stored, "start", 1);
      // Nobody looked at when a contract ends.
      case "provider-saw" -> {
        if (stored.path("sight") instanceof ObjectNode sight && !sight.has("ends")) {
          sight.put("ends", "");
        }
      }
      // A verdict did not say what it rests on.
      case "verdict-reached" -> {
        if (!stored.has("evidence")) {
          stored.putArray("evidence");
        }
      }
      // Whether a price was a bid was the same for all of a run; nobody asks it of a creation past.
      case "intended" -> {
        if (stored.path("effect") instanceof ObjectNode effect) {
          effect(effect);
        }
      }
      default -> {
        // As it was.
      }
    }
    return stored;
  }

  private static void number(ObjectNode stored, String name, int then) {
    if (!stored.has(name)) {
      stored.put(name, then);
    }
  }

  private static void outcome(ObjectNode outcome) {
    if (outcome.path("is").asText().equals("offers") && !outcome.has("failed")) {
      outcome.putArray("failed");
    }
  }

  private static void effect(ObjectNode effect) {
    if (effect.path("is").asText().equals("create") && !effect.has("bid")) {
      effect.put("bid", true);
    }
  }

  /// A job was a command and no more, every box the same, and no run had a deadline.
  private static void spec(ObjectNode spec) {
    if (spec.path("job") instanceof ObjectNode job) {
      if (!job.has("care")) {
        care(job.putObject("care"));
      }
      if (job.path("care") instanceof ObjectNode care && !care.has("verify")) {
        care.put("verify", "").put("target", "");
      }
      if (job.path("care") instanceof ObjectNode care && !care.has("goOn")) {
        care.put("goOn", false);
      }
    }
    if (spec.path("market") instanceof ObjectNode market && !market.has("bidding")) {
      market.put("bidding", "RAISE");
    }
    if (spec.path("finish") instanceof ObjectNode finish && !finish.has("lease")) {
      finish.put("unattended", "PT0S").put("lease", "PT0S");
    }
    if (spec.path("finish") instanceof ObjectNode finish && !finish.has("keepFailed")) {
      finish.put("keepFailed", false).put("leaveResults", false);
    }
    if (!spec.has("box")) {
      box(spec.putObject("box"));
      spec.put("deadline", "");
    }
  }

  private static void box(ObjectNode box) {
    box.put("runtype", "").put("entrypoint", "");
    box.putObject("env");
    box.putArray("ports");
    box.putArray("packages");
    box.put("sync", "").put("proxy", false);
    box.putObject("volume").put("id", 0).put("path", "");
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
