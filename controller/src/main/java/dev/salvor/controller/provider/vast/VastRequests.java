package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.provider.Provider.CreateRequest;
import java.util.ArrayList;
import java.util.List;

/// The requests of a run as they would be sent, made by the code that sends them; nothing is sent.
public final class VastRequests {
  private VastRequests() {}

  /// One request.
  ///
  /// @param path from "api" on; words in angle brackets are not known yet
  /// @param body empty where there is none
  public record Request(String method, String path, String body) {}

  /// What is wrong with a query; empty if nothing is.
  public static List<String> problems(String query) {
    return Query.parse(query).problems();
  }

  /// For a bid, what the machines cost on demand is asked too.
  public static List<Request> search(RunSpec.Market market) {
    List<Request> requests = new ArrayList<>();
    requests.add(searched(market));
    if (market.interruptible()) {
      requests.add(
          searched(
              new RunSpec.Market(
                  market.image(), market.query(), market.diskGb(), false, market.cap())));
    }
    return requests;
  }

  private static Request searched(RunSpec.Market market) {
    ObjectNode body = Offers.body(Query.parse(market.query()), market);
    return new Request("POST", "api/v0/bundles/", body.toString());
  }

  /// The account learns the key that copies are fetched with.
  public static List<Request> keys() {
    return List.of(
        new Request("GET", "api/v0/ssh/", ""),
        new Request("POST", "api/v0/ssh/", "{\"ssh_key\":\"<public key, if it is not there>\"}"));
  }

  /// What the platform would refuse, or take and do something else with.
  public static List<String> problems(CreateRequest request) {
    return CreateBody.problems(request);
  }

  /// Without what the offer will tell, and without the image's login.
  ///
  /// @param onstart what is printed in the place of the text
  public static Request create(CreateRequest request, String onstart) {
    ObjectNode body = CreateBody.of(request);
    if (request.interruptible()) {
      body.put("price", "<the bid>");
    }
    if (body.path("image_login").isTextual()) {
      body.put("image_login", "***");
    }
    if (!request.onstart().isEmpty()) {
      body.put("onstart", onstart);
    }
    if (body.path("args") instanceof ArrayNode args && !args.isEmpty()) {
      args.set(args.size() - 1, args.textNode(onstart));
    }
    return new Request("PUT", "api/v0/asks/<offer>/", body.toString());
  }

  public static Request list() {
    return new Request("GET", "api/v1/instances/", "");
  }

  public static Request destroy() {
    return new Request("DELETE", "api/v0/instances/<instance>/", "{}");
  }

  public static Request stop() {
    return new Request("PUT", "api/v0/instances/<instance>/", "{\"state\":\"stopped\"}");
  }
}
