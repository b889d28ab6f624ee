package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The account's ssh keys, which every new instance gets, and the keys attached to one instance.
public final class SshKeys {
  private static final int MAX_KEYS = 100;
  private static final long USER = 1001;

  private final Market market;
  private final Floor floor;
  private final Books books;

  SshKeys(Market market, Floor floor) {
    this.market = market;
    this.floor = floor;
    this.books = floor.books();
  }

  public ObjectNode create(String text) throws Refusal {
    synchronized (market) {
      require(books.accountKeys.size() < MAX_KEYS, "too many ssh keys");
      SshKey key = key(text);
      books.accountKeys.add(key);
      floor.note(market.now(), "ssh_key", 0, MarketLog.detail().put("key", key.id()));
      market.settle();
      var answer = Rentals.yes();
      answer.set("key", row(key, "public_key"));
      return answer;
    }
  }

  public ArrayNode list() throws Refusal {
    synchronized (market) {
      if (books.accountKeys.isEmpty()) {
        throw new Refusal(404, "no_such_ssh_key", "No ssh keys found.");
      }
      var all = JsonNodeFactory.instance.arrayNode();
      books.accountKeys.forEach(key -> all.add(row(key, "key")));
      return all;
    }
  }

  public ObjectNode update(long id, String text) throws Refusal {
    synchronized (market) {
      SshKey next = key(text);
      if (!books.accountKeys.removeIf(key -> key.id() == id)) {
        throw new Refusal(400, "no_ssh_key", "No such ssh key.");
      }
      books.accountKeys.add(new SshKey(id, next.text(), next.createdMs()));
      market.settle();
      return Rentals.yes();
    }
  }

  public ObjectNode delete(long id) throws Refusal {
    synchronized (market) {
      if (!books.accountKeys.removeIf(key -> key.id() == id)) {
        throw new Refusal(400, "no_ssh_key", "No such ssh key.");
      }
      floor.note(market.now(), "ssh_key_deleted", 0, MarketLog.detail().put("key", id));
      market.settle();
      return Rentals.yes();
    }
  }

  public ObjectNode attach(long instance, String text) throws Refusal {
    synchronized (market) {
      Instance to = instance(instance);
      require(to.keys().size() < MAX_KEYS, "too many ssh keys");
      SshKey key = key(text);
      if (to.keys().stream().noneMatch(old -> old.sameAs(text))) {
        books.instances.put(instance, to.withKey(key));
      }
      floor.note(
          market.now(), "ssh_key_attached", instance, MarketLog.detail().put("key", key.id()));
      market.settle();
      return Rentals.yes().put("msg", "SSH key added to instance.");
    }
  }

  public ObjectNode detach(long instance, long id) throws Refusal {
    synchronized (market) {
      Instance from = instance(instance);
      List<SshKey> left = from.keys().stream().filter(key -> key.id() != id).toList();
      books.instances.put(instance, from.withKeys(left));
      floor.note(market.now(), "ssh_key_detached", instance, MarketLog.detail().put("key", id));
      market.settle();
      return Rentals.yes().put("msg", "SSH key removed from instance.");
    }
  }

  /// The list is text within the answer, as on the platform.
  public ObjectNode listOf(long instance) throws Refusal {
    synchronized (market) {
      var all = JsonNodeFactory.instance.arrayNode();
      instance(instance).keys().forEach(key -> all.add(row(key, "public_key")));
      return Rentals.yes().put("ssh_keys", all.toString());
    }
  }

  /// The text of the account's first key.
  public Optional<String> first() {
    synchronized (market) {
      return books.accountKeys.stream().findFirst().map(SshKey::text);
    }
  }

  private Instance instance(long id) throws Refusal {
    Instance instance = books.instances.get(id);
    if (instance == null) {
      throw Refusal.noInstance(id);
    }
    return instance;
  }

  private SshKey key(String text) throws Refusal {
    require(SshKey.material(text).contains(" "), "ssh_key must be the text of a public key");
    return new SshKey(books.newKey(), text.strip(), market.now());
  }

  private static void require(boolean holds, String message) throws Refusal {
    if (!holds) {
      throw Refusal.invalid(message);
    }
  }

  private static JsonNode row(SshKey key, String textField) {
    var row = JsonNodeFactory.instance.objectNode().put("id", key.id()).put("user_id", USER);
    row.put(textField, key.text());
    return row.put("created_at", Instant.ofEpochMilli(key.createdMs()).toString())
        .putNull("deleted_at");
  }
}
