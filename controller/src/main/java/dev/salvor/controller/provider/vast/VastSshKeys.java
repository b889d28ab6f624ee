package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import dev.salvor.controller.provider.SshKeys;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// SSH keys at vast.
record VastSshKeys(Calls calls) implements SshKeys {

  @Override
  public List<Key> list() throws ProviderException {
    Call call =
        Call.get(Endpoint.LIST_KEYS, "list the account's SSH keys", "api/v0/ssh/", Map.of());
    Reply.Answer answer = calls.settle(call);
    Optional<Complaint> complaint = Complaint.of(answer);
    if (complaint.isEmpty()) {
      return keys(answer.json());
    }
    // An account without keys is a 404 here; one with a bad key is, too, and says so.
    boolean none = answer.status() == 404 && answer.json().isObject();
    if (none && complaint.get().kind() != Kind.AUTH) {
      return List.of();
    }
    throw calls.failure(call, complaint.get());
  }

  @Override
  public void use(String publicKey) throws ProviderException {
    String key = publicKey.strip();
    if (list().stream().noneMatch(known -> known.sameAs(key))) {
      String what = "add an SSH key to the account";
      calls.ask(Call.post(Endpoint.ADD_KEY, what, "api/v0/ssh/", body(key)));
    }
  }

  @Override
  public void remove(long key) throws ProviderException {
    String path = "api/v0/ssh/%d/".formatted(key);
    erase(Call.delete(Endpoint.DELETE_KEY, "remove SSH key " + key, path, nothing()));
  }

  @Override
  public List<Key> of(InstanceId instance) throws ProviderException {
    String what = "list the SSH keys of instance " + instance;
    Call call = Call.get(Endpoint.LIST_INSTANCE_KEYS, what, path(instance), Map.of());
    JsonNode keys = calls.ask(call).path("ssh_keys");
    if (!keys.isTextual()) {
      return keys(keys);
    }
    // JSON within a text, as the platform has it.
    try {
      return keys(Wire.JSON.readTree(keys.textValue()));
    } catch (JsonProcessingException e) {
      throw calls.nonsense(what, "its list of keys does not read");
    }
  }

  @Override
  public void attach(InstanceId instance, String publicKey) throws ProviderException {
    String key = publicKey.strip();
    if (of(instance).stream().noneMatch(known -> known.sameAs(key))) {
      String what = "attach an SSH key to instance " + instance;
      calls.ask(Call.post(Endpoint.ATTACH_KEY, what, path(instance), body(key)));
    }
  }

  @Override
  public void detach(InstanceId instance, long key) throws ProviderException {
    String what = "detach SSH key %d from instance %s".formatted(key, instance);
    String path = path(instance) + key + "/";
    erase(Call.delete(Endpoint.DETACH_KEY, what, path, nothing()));
  }

  /// A key that is not there is as good as removed.
  private void erase(Call call) throws ProviderException {
    Optional<Complaint> complaint = Complaint.of(calls.settle(call));
    if (complaint.isPresent() && !complaint.get().code().matches("no_ssh_key|no_such_ssh_key")) {
      throw calls.failure(call, complaint.get());
    }
  }

  private static List<Key> keys(JsonNode rows) {
    List<Key> keys = new ArrayList<>();
    for (JsonNode row : rows) {
      // The same text has one name when a key is listed and another when it is made.
      String text = Fields.text(row, row.hasNonNull("key") ? "key" : "public_key");
      if (!text.isEmpty()) {
        keys.add(new Key(Fields.positive(row, "id").orElse(0L), text, created(row)));
      }
    }
    return List.copyOf(keys);
  }

  private static Optional<Instant> created(JsonNode row) {
    try {
      return Optional.of(Instant.parse(Fields.text(row, "created_at")));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String path(InstanceId instance) {
    return "api/v0/instances/%s/ssh/".formatted(instance);
  }

  private static ObjectNode body(String key) {
    return nothing().put("ssh_key", key);
  }

  private static ObjectNode nothing() {
    return Wire.JSON.createObjectNode();
  }
}
