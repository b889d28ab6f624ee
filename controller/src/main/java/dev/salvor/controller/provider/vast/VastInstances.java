package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.provider.InstanceView;
import dev.salvor.controller.provider.Instances;
import dev.salvor.controller.provider.ProviderException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One rental at a time at vast: look, start, stop, label, bid, logs.
record VastInstances(Calls calls, InstanceList list, Starts starts) implements Instances {

  @Override
  public Optional<InstanceView> show(InstanceId instance) throws ProviderException {
    String what = "show instance " + instance;
    Call call = Call.get(Endpoint.SHOW, what, path(instance), Map.of("owner", "me"));
    Reply.Answer answer = calls.settle(call);
    Optional<Complaint> complaint = Complaint.of(answer);
    if (complaint.isPresent()) {
      if (complaint.get().instanceGone()) {
        return Optional.empty();
      }
      throw calls.failure(call, complaint.get());
    }
    JsonNode row = answer.json().path("instances");
    if (row.isNull()) {
      return Optional.empty();
    }
    if (!row.isObject()) {
      throw calls.nonsense(what, "the answer has no instance");
    }
    return Optional.of(Views.of(list.row(row), row));
  }

  @Override
  public Listed listed() throws ProviderException {
    List<JsonNode> raw = list.raw();
    ArrayNode rows = Wire.JSON.createArrayNode();
    raw.forEach(rows::add);
    return new Listed(list.rows(raw), rows.toString());
  }

  @Override
  public boolean start(InstanceId instance) throws ProviderException {
    Call start = state("start instance " + instance, instance, "running");
    Optional<Complaint> complaint = Complaint.of(calls.settle(start));
    if (complaint.isPresent() && !complaint.get().queued()) {
      throw calls.failure(start, complaint.get());
    }
    starts.asked(instance);
    return complaint.isEmpty();
  }

  void stop(InstanceId instance) throws ProviderException {
    starts.takenBack(instance);
    calls.ask(state("stop instance " + instance, instance, "stopped"));
  }

  @Override
  public void label(InstanceId instance, String label) throws ProviderException {
    ObjectNode body = Wire.JSON.createObjectNode().put("label", label);
    String what = "label instance " + instance;
    calls.ask(Call.put(Endpoint.STATE, what, path(instance), body));
  }

  @Override
  public void bid(InstanceId instance, Optional<UsdPerHour> price) throws ProviderException {
    ObjectNode body = Wire.JSON.createObjectNode().put("client_id", "me");
    body.put("price", price.map(UsdPerHour::dollars).orElse(null));
    String what =
        "%s the bid of instance %s".formatted(price.isEmpty() ? "win" : "raise", instance);
    String path = "api/v0/instances/bid_price/%s/".formatted(instance);
    calls.ask(Call.put(Endpoint.BID, what, path, body));
  }

  @Override
  public String logs(InstanceId instance, LogRequest request) throws ProviderException {
    ObjectNode body = Wire.JSON.createObjectNode();
    if (!request.filter().isEmpty()) {
      body.put("filter", request.filter());
    }
    body.put("tail", Integer.toString(request.tail()));
    if (request.daemon()) {
      body.put("daemon_logs", "true");
    }
    String what = "read the log of instance " + instance;
    String path = "api/v0/instances/request_logs/%s/".formatted(instance);
    JsonNode answer = calls.ask(Call.put(Endpoint.LOGS, what, path, body));
    String url = Fields.text(answer, "result_url");
    if (url.isEmpty()) {
      throw calls.nonsense(
          what,
          "vast said \"%s\" and not where".formatted(Words.clean(Fields.text(answer, "msg"))));
    }
    return calls.fetch(what, url);
  }

  private static Call state(String what, InstanceId instance, String state) {
    ObjectNode body = Wire.JSON.createObjectNode().put("state", state);
    return Call.put(Endpoint.STATE, what, path(instance), body);
  }

  private static String path(InstanceId instance) {
    return "api/v0/instances/%s/".formatted(instance);
  }
}
