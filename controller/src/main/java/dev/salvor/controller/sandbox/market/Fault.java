package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// One thing that is to go wrong: what, to whom, when, and how often.
record Fault(Kind kind, long instance, Trigger trigger, Often often, Amounts amounts, Words words) {
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
          "form",
          "status",
          "probability",
          "at_s");

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
    HTTP_ERROR,
    NO_SUCH_ASK,
    NO_PORTS,
    STUCK_LOADING,
    STUCK_SCHEDULING,
    START_QUEUED,
    SLOW_LOGS,
    SLOW_ANSWER,
    STALE_LIST,
    OLD_DRIVER,
    CRASH,
    UNKNOWN,
    KEYS_VANISH,
    SSH_REFUSED;

    boolean strikes() {
      return switch (this) {
        case OUTBID,
            HOST_OFFLINE,
            PRICE_CHANGE,
            CONTRACT_END,
            CRASH,
            UNKNOWN,
            KEYS_VANISH,
            SSH_REFUSED ->
            true;
        case CREATE_502,
            HTTP_429,
            HTTP_ERROR,
            NO_SUCH_ASK,
            NO_PORTS,
            STUCK_LOADING,
            STUCK_SCHEDULING,
            START_QUEUED,
            SLOW_LOGS,
            SLOW_ANSWER,
            STALE_LIST,
            OLD_DRIVER ->
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

  /// How often it may come, with what probability at each occasion (a call, a start, or a second of
  /// running), and from when on, in seconds since it was armed.
  record Often(int times, double probability, double atS) {}

  /// The numbers a kind may need: a price factor, how long it lasts (0: for good), how far back.
  record Amounts(double factor, double staysS, double forS, double seconds) {}

  /// The words a kind may need: which endpoint, which status and which shape of error.
  record Words(String endpoint, String form, int status) {}

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
    Often often = often(json, wrong);
    var amounts =
        new Amounts(
            json.path("factor").asDouble(1.5),
            json.path("rival_stays_s").asDouble(0),
            json.path("for_s").asDouble(0),
            json.path("seconds").asDouble(30));
    require(wrong, amounts.factor() > 0, "factor must be over 0");
    int status = json.path("status").asInt(503);
    require(wrong, status >= 400 && status <= 599, "status must be an error, 400 to 599");
    var words =
        new Words(json.path("endpoint").asText("any"), json.path("form").asText("text"), status);
    wrong.forEach(problem -> problems.add(problem + " in " + json));
    return wrong.isEmpty()
        ? List.of(new Fault(kind, who.asLong(0), trigger, often, amounts, words))
        : List.of();
  }

  private static Often often(JsonNode json, List<String> wrong) {
    int times = json.path("times").asInt(1);
    double probability = json.path("probability").asDouble(1);
    double at = json.path("at_s").asDouble(0);
    require(wrong, times >= 1, "times must be at least 1");
    require(wrong, probability > 0 && probability <= 1, "probability must be over 0, at most 1");
    require(wrong, at >= 0, "at_s must not be negative");
    return new Often(times, probability, at);
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
