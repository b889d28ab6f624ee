package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// One thing that is to go wrong: what, to whom, when, and how often.
record Fault(Kind kind, long instance, Trigger trigger, int times, Amounts amounts, Words words) {
  private static final Set<String> KEYS =
      Set.of(
          "kind",
          "instance",
          "trigger",
          "times",
          "factor",
          "rival_stays_s",
          "for_s",
          "seconds",
          "endpoint",
          "form");

  private static final Set<String> TRIGGER_KEYS =
      Set.of("after_running_s", "path_regex", "reaches");

  /// Kinds that come over an instance; the others wait for a call or a start.
  enum Kind {
    OUTBID,
    HOST_OFFLINE,
    PRICE_CHANGE,
    CONTRACT_END,
    CREATE_502,
    HTTP_429,
    STUCK_LOADING,
    STUCK_SCHEDULING,
    START_QUEUED,
    SLOW_LOGS,
    SLOW_ANSWER,
    STALE_LIST;

    boolean strikes() {
      return switch (this) {
        case OUTBID, HOST_OFFLINE, PRICE_CHANGE, CONTRACT_END -> true;
        case CREATE_502,
            HTTP_429,
            STUCK_LOADING,
            STUCK_SCHEDULING,
            START_QUEUED,
            SLOW_LOGS,
            SLOW_ANSWER,
            STALE_LIST ->
            false;
      };
    }
  }

  /// When a fault strikes a running instance.
  sealed interface Trigger {
    /// So long after it came up.
    record AfterRunning(double seconds) implements Trigger {}

    /// When a name in its /workspace or /work carries a number as high as this.
    record PathReaches(Pattern pattern, long number) implements Trigger {}
  }

  /// The numbers a kind may need: a price factor, how long it lasts (0: for good), how far back.
  record Amounts(double factor, double staysS, double forS, double seconds) {}

  /// The words a kind may need: which endpoint, and which shape of a 429.
  record Words(String endpoint, String form) {}

  boolean concerns(long id) {
    return instance == 0 || instance == id;
  }

  /// One fault out of JSON; what is wrong with it is added to `problems`.
  static List<Fault> parse(JsonNode json, List<String> problems) {
    var wrong = new ArrayList<String>();
    if (!json.isObject()) {
      problems.add("a fault must be an object with a \"kind\", not " + json);
      return List.of();
    }
    json.fieldNames()
        .forEachRemaining(key -> require(wrong, KEYS.contains(key), "unknown key " + key));
    Kind kind = kind(json.path("kind").asText(), wrong);
    JsonNode who = json.path("instance");
    require(
        wrong,
        who.isMissingNode() || who.isIntegralNumber() || who.asText().equals("any"),
        "instance must be a number or \"any\"");
    Trigger trigger = trigger(json.path("trigger"), wrong);
    int times = json.path("times").asInt(1);
    require(wrong, times >= 1, "times must be at least 1");
    var amounts =
        new Amounts(
            json.path("factor").asDouble(1.5),
            json.path("rival_stays_s").asDouble(0),
            json.path("for_s").asDouble(0),
            json.path("seconds").asDouble(30));
    require(wrong, amounts.factor() > 0, "factor must be over 0");
    var words = new Words(json.path("endpoint").asText("any"), json.path("form").asText("text"));
    wrong.forEach(problem -> problems.add(problem + " in " + json));
    return wrong.isEmpty()
        ? List.of(new Fault(kind, who.asLong(0), trigger, times, amounts, words))
        : List.of();
  }

  private static Kind kind(String name, List<String> wrong) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
        return kind;
      }
    }
    wrong.add("unknown kind \"" + name + "\"");
    return Kind.OUTBID;
  }

  private static Trigger trigger(JsonNode json, List<String> wrong) {
    json.fieldNames()
        .forEachRemaining(
            key -> require(wrong, TRIGGER_KEYS.contains(key), "unknown trigger " + key));
    if (!json.has("path_regex")) {
      return new Trigger.AfterRunning(json.path("after_running_s").asDouble(0));
    }
    try {
      var pattern = Pattern.compile(json.path("path_regex").asText());
      require(wrong, pattern.matcher("").groupCount() >= 1, "path_regex needs a group");
      return new Trigger.PathReaches(pattern, json.path("reaches").asLong(0));
    } catch (PatternSyntaxException e) {
      wrong.add("path_regex is no pattern: " + e.getDescription());
      return new Trigger.AfterRunning(0);
    }
  }

  private static void require(List<String> wrong, boolean holds, String problem) {
    if (!holds) {
      wrong.add(problem);
    }
  }
}
