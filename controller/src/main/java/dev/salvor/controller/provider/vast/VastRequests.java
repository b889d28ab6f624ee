package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.provider.Provider.CreateRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    ObjectNode env = Wire.JSON.createObjectNode();
    new TreeMap<>(request.env()).forEach(env::put);
    body.set("env", env);
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

  /// One list for all rentals of the account.
  public static Request list() {
    Call call = InstanceList.call("");
    String query =
        new TreeMap<>(call.query())
            .entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("&"));
    return new Request(call.method(), call.path() + "?" + query, "");
  }

  /// Where its sshd is, and that it takes our key.
  public static List<Request> door() {
    String keys = "api/v0/instances/<instance>/ssh/";
    return List.of(
        new Request("GET", "api/v0/instances/<instance>/", ""),
        new Request("GET", keys, ""),
        new Request("POST", keys, "{\"ssh_key\":\"<public key, if it is not there>\"}"));
  }

  /// What a box that was outbid is asked for: its paused disk, and perhaps to run again.
  ///
  /// @param roots what is fetched from its disk
  public static List<Request> outbid(RunSpec.Market market, List<String> roots) {
    List<Request> requests = new ArrayList<>();
    for (String root : roots) {
      String body = VastCopies.fromBody("C.<instance>", root).toString();
      requests.add(new Request("PUT", "api/v0/commands/rsync/", body));
    }
    if (market.interruptible() && market.bidding() == RunSpec.Bidding.RAISE) {
      requests.add(
          new Request(
              "PUT",
              "api/v0/instances/bid_price/<instance>/",
              "{\"client_id\":\"me\",\"price\":\"<a higher bid, where that is cheapest>\"}"));
      requests.add(new Request("PUT", "api/v0/instances/<instance>/", "{\"state\":\"running\"}"));
    }
    return requests;
  }

  public static Request destroy() {
    return new Request("DELETE", "api/v0/instances/<instance>/", "{}");
  }

  public static Request stop() {
    return new Request("PUT", "api/v0/instances/<instance>/", "{\"state\":\"stopped\"}");
  }
}
