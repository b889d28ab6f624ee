package dev.salvor.controller.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.core.Fact;

/// Facts that an earlier build stored, as this build would have stored them: a part that was not
/// known then has the value that it had in effect.
final class Older {
  private Older() {}

  static JsonNode raise(JsonNode fact) {
    if (!(fact instanceof ObjectNode stored)) {
      return fact;
    }
    offer(stored.path("offer"));
    switch (stored.path("is").asText()) {
      case "run-requested", "box-abandoned", "orphan-found", "box-adopted", "volume-found" -> {
        if (stored.path("spec") instanceof ObjectNode spec) {
          spec(spec);
        }
      }
      // A yes held for as long as the run.
      case "approved" -> {
        if (!stored.has("until")) {
          stored.put("until", Fact.Approved.FOREVER.toString());
        }
      }
      case "settled" -> settled(stored.path("outcome"));
      // The first task that failed ended the list.
      case "task-done" -> {
        if (!stored.has("exit")) {
          stored.put("exit", 0);
        }
      }
      // A box started its job once a boot.
      case "job-started", "job-ended" -> {
        if (!stored.has("start")) {
          stored.put("start", 1);
        }
      }
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
      case "intended" -> intended(stored.path("effect"));
      default -> {
        // As it was.
      }
    }
    return stored;
  }

  /// Whether a price was a bid was the same for all of a run, and nobody asks it of a creation
  /// past; one unit was brought onto a new disk, whatever else the job kept.
  private static void intended(JsonNode effect) {
    offer(effect.path("offer"));
    boolean creates = effect.path("is").asText().equals("create");
    if (creates && effect instanceof ObjectNode create && !create.has("bid")) {
      create.put("bid", true);
    }
    boolean resumes = effect.path("order").path("is").asText().equals("proceed-from");
    if (resumes && effect.path("order") instanceof ObjectNode order && !order.has("also")) {
      order.putArray("also");
    }
  }

  /// A run knew nothing of what machines had done to others, and nobody counted what was sent.
  private static void settled(JsonNode outcome) {
    outcome.path("offers").forEach(Older::offer);
    boolean offers = outcome.path("is").asText().equals("offers");
    if (offers && outcome instanceof ObjectNode found && !found.has("failed")) {
      found.putArray("failed");
    }
    receipt(outcome.path("receipt"));
    outcome.path("units").forEach(unit -> receipt(unit.path("receipt")));
  }

  /// Nobody looked at how long a machine is let.
  private static void offer(JsonNode node) {
    if (node instanceof ObjectNode offer && !offer.has("contract")) {
      offer.put("contract", "PT0S");
    }
  }

  private static void receipt(JsonNode node) {
    if (node instanceof ObjectNode receipt && !receipt.has("sentBytes")) {
      receipt.put("sentBytes", -1);
    }
  }

  /// A job was a command and no more, every box the same, no run had a deadline, and nothing was
  /// removed from a box.
  private static void spec(ObjectNode spec) {
    if (spec.path("job") instanceof ObjectNode job) {
      if (!job.has("care")) {
        care(job.putObject("care"));
      }
      if (job.path("care") instanceof ObjectNode care && !care.has("verify")) {
        care.put("verify", "").put("target", "");
      }
      if (job.path("care") instanceof ObjectNode care && !care.has("targets")) {
        targets(care);
      }
      if (job.path("care").path("retention") instanceof ObjectNode retention
          && !retention.has("onBox")) {
        retention.put("onBox", 0);
      }
      if (job.path("care") instanceof ObjectNode care && !care.has("goOn")) {
        care.put("goOn", false);
      }
      if (job.path("care") instanceof ObjectNode care && !care.has("onLog")) {
        care.putArray("onLog");
      }
    }
    if (spec.path("market") instanceof ObjectNode market && !market.has("bidding")) {
      market.put("bidding", "RAISE");
    }
    if (spec.path("market") instanceof ObjectNode market && !market.has("bid")) {
      market.putObject("bid").put("first", 0).put("margin", 0.0);
      market.putObject("sizes").put("image", 0).put("data", 0).put("checkpoint", 0);
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
    if (spec.path("box") instanceof ObjectNode box && !box.has("gate")) {
      box.put("gate", "");
    }
  }

  /// Copies were kept in one directory, and all of them.
  private static void targets(ObjectNode care) {
    String one = care.path("target").asText();
    care.remove("target");
    ArrayNode targets = care.putArray("targets");
    if (!one.isEmpty()) {
      targets.add(one);
    }
    care.putObject("retention").put("newest", 0).put("best", "").put("every", 0);
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
