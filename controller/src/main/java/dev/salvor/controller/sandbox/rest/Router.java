package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds who is to answer a call, and turns every failure into one of the platform's error shapes.
final class Router {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final Market market;
  private final List<Route> routes;
  private final RateLimits limits;

  Router(Market market, List<Route> routes, RateLimits limits) {
    this.market = market;
    this.routes = routes;
    this.limits = limits;
  }

  Answer answer(Call call) {
    try {
      return dispatch(call);
    } catch (Refusal refusal) {
      return Answer.json(refusal.status(), refusal.body());
    } catch (BoxException | UncheckedIOException e) {
      LOG.atWarn().addKeyValue("path", call.path()).setCause(e).log("call failed");
      var refusal = new Refusal(500, "server_error", String.valueOf(e.getMessage()));
      return Answer.json(500, refusal.body());
    }
  }

  private Answer dispatch(Call call) throws Refusal, BoxException {
    Optional<Route> found = routes.stream().filter(route -> route.fits(call)).findFirst();
    if (found.isEmpty()) {
      throw new Refusal(404, "not_found", "No such endpoint: " + String.join("/", call.path()));
    }
    Route route = found.get();
    admit(route.terms().access(), call);
    if (limits.exceeded(route.terms(), call.caller(), System.nanoTime())) {
      return tooMany("text", route.terms());
    }
    String endpoint = route.terms().endpoint();
    if (endpoint.isEmpty()) {
      return route.handler().handle(call);
    }
    Optional<Market.Trouble> trouble = market.trouble(endpoint);
    if (trouble.isPresent()) {
      return trouble(trouble.get());
    }
    Optional<String> form = market.tooMany(endpoint);
    return form.isPresent() ? tooMany(form.get(), route.terms()) : heldBack(route, call);
  }

  /// Done at once, told when it is due: whoever has asked may be gone by then.
  private Answer heldBack(Route route, Call call) throws Refusal, BoxException {
    Optional<Duration> hold = market.holdsBack(route.terms().endpoint());
    Answer answer = route.handler().handle(call);
    try {
      Thread.sleep(hold.orElse(Duration.ZERO));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer;
  }

  private static void admit(Route.Access access, Call call) throws Refusal {
    boolean admitted =
        switch (call.caller()) {
          case Call.Caller.Account _ -> true;
          case Call.Caller.Nobody _ -> access == Route.Access.ALL;
          case Call.Caller.Box box ->
              access == Route.Access.ALL
                  || (access == Route.Access.BOX
                      && call.path().get(1).equals(Long.toString(box.id())));
        };
    if (!admitted && call.caller() instanceof Call.Caller.Nobody) {
      throw new Refusal(403, "auth_error", "This action requires login.");
    }
    if (!admitted) {
      throw new Refusal(403, "not_authorized", "This key is good for its own instance only.");
    }
  }

  /// The shapes in which things go wrong elsewhere than in the platform's own code.
  private static Answer trouble(Market.Trouble trouble) {
    int status = trouble.status();
    var node = JsonNodeFactory.instance.objectNode();
    return switch (trouble.form()) {
      case "auth" -> Answer.json(404, new Refusal(404, "auth_error", "Invalid user key").body());
      case "json" ->
          Answer.json(status, new Refusal(status, "server_error", "Something failed.").body());
      case "message" -> Answer.json(status, node.put("message", "Something failed."));
      case "detail" -> Answer.json(status, node.put("detail", "Something failed."));
      default -> Answer.text(status, "text/html", "<html><h1>" + status + "</h1></html>");
    };
  }

  private static Answer tooMany(String form, Route.Terms terms) {
    String text = "API requests too frequent endpoint threshold=" + terms.intervalSeconds();
    var node = JsonNodeFactory.instance.objectNode();
    return switch (form) {
      case "detail" -> Answer.json(429, node.put("detail", text));
      case "json" -> Answer.json(429, new Refusal(429, "rate_limit_exceeded", text).body());
      default ->
          Answer.text(
              429,
              "text/plain",
              "API requests too frequent: endpoint threshold=" + terms.intervalSeconds());
    };
  }
}
