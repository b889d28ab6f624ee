package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Gets a call done: in its turn, by its deadline, repeated where that is harmless, and told in the
/// house's words where it fails.
final class Calls {
  private static final int MAX_ATTEMPTS = 4;
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(400);
  private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

  /// As often, as soon and as patiently as the platform's own client looks for a result.
  private static final int MAX_FETCHES = 30;

  private static final Duration FETCH_PAUSE = Duration.ofMillis(300);
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(10);

  private final VastConfig config;
  private final Wire wire;
  private final Pacer pacer;
  private final Ticks ticks;

  Calls(VastConfig config, Ticks ticks) {
    this.config = config;
    this.wire = new Wire(config);
    this.pacer = new Pacer(config.pacing(), ticks);
    this.ticks = ticks;
  }

  /// The answer's JSON; anything but an answer that says "done" is an exception.
  JsonNode ask(Call call) throws ProviderException {
    Reply.Answer answer = settle(call);
    Optional<Complaint> complaint = Complaint.of(answer);
    if (complaint.isPresent()) {
      throw failure(call, complaint.get());
    }
    return answer.json();
  }

  /// An answer that is neither lost nor passing trouble, for callers that read complaints
  /// themselves.
  Reply.Answer settle(Call call) throws ProviderException {
    long deadline = ticks.nanos() + config.deadline().toNanos();
    for (int attempt = 1; ; attempt++) {
      Reply reply = once(call, deadline);
      if (!isPassing(reply)) {
        return (Reply.Answer) reply;
      }
      Duration pause = backOff(call.endpoint(), attempt, reply);
      boolean again = call.endpoint().repeatable() && attempt < MAX_ATTEMPTS;
      if (!again || ticks.nanos() + pause.toNanos() - deadline > 0) {
        throw failure(call, reply);
      }
      sleep(call, pause);
    }
  }

  /// A text that the platform has laid down elsewhere for us, without a key. It may be late.
  String fetch(String what, String url) throws ProviderException {
    String why = "it was not asked";
    for (int attempt = 0; attempt < MAX_FETCHES; attempt++) {
      if (attempt > 0) {
        pause(what);
      }
      switch (wire.fetch(url, FETCH_TIMEOUT)) {
        case Reply.Lost lost -> why = lost.why();
        case Reply.Answer answer -> {
          if (answer.status() == 200) {
            return answer.text();
          }
          why = "its place answered " + answer.status();
        }
      }
    }
    throw failed(Kind.SERVER, what, "it is not there yet: " + why, "Try again in a minute.");
  }

  private void pause(String what) throws ProviderException {
    try {
      ticks.sleep(FETCH_PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(Kind.NETWORK, what, "it was interrupted", "Try again.");
    }
  }

  /// An answer of the platform's that promises something else.
  ProviderException nonsense(String what, String why) {
    return failed(
        Kind.PROTOCOL,
        what,
        why,
        "Check VAST_URL; if it is right, this version of Salvor is too old.");
  }

  ProviderException failed(Kind kind, String what, String why, String next) {
    String message = "Cannot %s: %s. %s".formatted(what, why, next);
    return new ProviderException(kind, config.apiKey().strikeFrom(message));
  }

  /// Sends it once and no more. An exception means that it has changed nothing: it was not sent, or
  /// a redirect answered.
  Reply once(Call call) throws ProviderException {
    return once(call, ticks.nanos() + config.deadline().toNanos());
  }

  ProviderException failure(Call call, Complaint complaint) {
    String next =
        switch (complaint.kind()) {
          case AUTH ->
              "Check VAST_API_KEY, or the file that vastai keeps it in"
                  + " (~/.config/vastai/vast_api_key); 'salvor user' tries it.";
          case NOT_FOUND -> "Run 'salvor ps' to see what is there.";
          case REFUSED -> "Change what it names, then try again.";
          case RATE_LIMITED -> "Try again in a minute; other programs with the same key count too.";
          case SERVER, NETWORK ->
              "Try again later; if it lasts, look at the platform's status page.";
          case PROTOCOL -> "Check VAST_URL; if it is right, this version of Salvor is too old.";
        };
    return exception(call, complaint.kind(), "vast answered " + complaint, next);
  }

  ProviderException failure(Call call, Reply reply) {
    return switch (reply) {
      case Reply.Lost(String why, _) ->
          exception(call, Kind.NETWORK, why, "Check this machine's network and VAST_URL.");
      case Reply.Answer answer -> failure(call, Complaint.of(answer).orElseThrow());
    };
  }

  private ProviderException exception(Call call, Kind kind, String why, String next) {
    return failed(kind, call.what(), why, next);
  }

  private Reply once(Call call, long deadline) throws ProviderException {
    try {
      Optional<Pacer.Turn> entered = pacer.enter(call.endpoint(), deadline);
      if (entered.isEmpty()) {
        throw exception(
            call, Kind.RATE_LIMITED, "its turn did not come in time", "Try again in a minute.");
      }
      try (Pacer.Turn _ = entered.get()) {
        Reply reply = wire.send(call, Duration.ofNanos(Math.max(1, deadline - ticks.nanos())));
        refuseRedirect(call, reply);
        if (isTooEarly(reply)) {
          pacer.penalise(call.endpoint());
        }
        return reply;
      }
    } catch (InterruptedException e) {
      throw interrupted(call);
    }
  }

  private void refuseRedirect(Call call, Reply reply) throws ProviderException {
    if (reply instanceof Reply.Answer answer && answer.status() / 100 == 3) {
      String why =
          "%s answered %d and points to \"%s\""
              .formatted(wire.host(), answer.status(), Words.clean(answer.location()));
      throw exception(
          call,
          Kind.PROTOCOL,
          why,
          "Set VAST_URL to the platform's own address; the key goes nowhere else.");
    }
  }

  private static boolean isPassing(Reply reply) {
    return switch (reply) {
      case Reply.Lost _ -> true;
      case Reply.Answer answer -> PASSING.contains(answer.status()) || isTooEarly(reply);
    };
  }

  private static boolean isTooEarly(Reply reply) {
    return reply instanceof Reply.Answer answer
        && Complaint.of(answer).filter(c -> c.kind() == Kind.RATE_LIMITED).isPresent();
  }

  /// What the endpoint or its complaint asks for, and a random part of a doubling span on top.
  private Duration backOff(Endpoint endpoint, int attempt, Reply reply) {
    double asked =
        reply instanceof Reply.Answer answer
            ? Complaint.of(answer).map(Complaint::thresholdSeconds).orElse(0.0)
            : 0;
    long least = Math.max(pacer.threshold(endpoint).toMillis(), Math.round(asked * 1000));
    double span = FIRST_BACK_OFF.toMillis() * Math.scalb(1.0, attempt - 1);
    return Duration.ofMillis(least + Math.round(span * ticks.random()));
  }

  private void sleep(Call call, Duration pause) throws ProviderException {
    try {
      ticks.sleep(pause);
    } catch (InterruptedException e) {
      throw interrupted(call);
    }
  }

  private ProviderException interrupted(Call call) {
    Thread.currentThread().interrupt();
    return exception(
        call, Kind.NETWORK, "it was interrupted", "Nothing to do: Salvor is stopping.");
  }
}
