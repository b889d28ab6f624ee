package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import dev.salvor.controller.provider.Row;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The vast.ai marketplace, or anything that answers like it. Safe for many threads.
public final class VastProvider implements Provider {
  /// How long a restarted rental may still show its old `exited`; nobody has published a figure.
  private static final Duration START_GRACE = Duration.ofMinutes(2);

  private static final int PAGE_ROWS = 25;

  /// 10,000 rentals: a token that never ends is an answer that makes no sense.
  private static final int MAX_PAGES = 400;

  private static final String COPY_USER = "vastai_kaalia";

  /// It becomes an argument of ssh, so nothing that could be an option or an expression.
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:-]{0,252}");

  private final Calls calls;
  private final Ticks ticks;
  private final Map<InstanceId, Long> startedAtNanos = new ConcurrentHashMap<>();

  public VastProvider(VastConfig config) {
    this(config, Ticks.SYSTEM);
  }

  VastProvider(VastConfig config, Ticks ticks) {
    this.calls = new Calls(config, ticks);
    this.ticks = ticks;
  }

  @Override
  public List<Offer> search(RunSpec.Market market) throws ProviderException {
    Query query = Query.parse(market.query());
    if (!query.problems().isEmpty()) {
      throw new ProviderException(
          Kind.REFUSED,
          "Cannot search offers: the query \"%s\" does not read: %s. Correct the query, then try again."
              .formatted(market.query(), String.join("; ", query.problems())));
    }
    List<Offer> offers = Offers.read(rows(Offers.body(query, market)), query, market);
    if (!market.interruptible() || offers.isEmpty()) {
      return offers;
    }
    // Rows for bidding name the bid as their price: what the machine costs on demand is another
    // question.
    RunSpec.Market onDemand =
        new RunSpec.Market(market.image(), market.query(), market.diskGb(), false, market.cap());
    return Offers.pricedBy(rows(Offers.body(query, onDemand)), offers);
  }

  private JsonNode rows(ObjectNode body) throws ProviderException {
    Call call = Call.post(Endpoint.SEARCH, "search offers", "api/v0/bundles/", body);
    JsonNode rows = calls.ask(call).path("offers");
    if (!rows.isArray()) {
      throw nonsense("search offers", "the answer has no list of offers");
    }
    return rows;
  }

  @Override
  public Creation create(CreateRequest request) throws ProviderException {
    String what = "rent offer " + request.offer();
    List<String> problems = CreateBody.problems(request);
    if (!problems.isEmpty()) {
      throw new ProviderException(
          Kind.REFUSED,
          "Cannot %s: %s. Shorten it, then try again."
              .formatted(what, String.join("; ", problems)));
    }
    String path = "api/v0/asks/%d/".formatted(request.offer());
    Call call = Call.put(Endpoint.CREATE, what, path, CreateBody.of(request));
    return switch (calls.once(call)) {
      case Reply.Lost lost -> creation(call, lost);
      case Reply.Answer answer -> creation(call, answer);
    };
  }

  private Creation creation(Call call, Reply.Lost lost) throws ProviderException {
    if (!lost.sent()) {
      throw calls.failure(call, lost);
    }
    return new Creation.Unclear(lost.why());
  }

  private Creation creation(Call call, Reply.Answer answer) throws ProviderException {
    Optional<InstanceId> made = Fields.positive(answer.json(), "new_contract").map(InstanceId::new);
    Optional<Complaint> complaint = Complaint.of(answer);
    if (complaint.isEmpty()) {
      return made.<Creation>map(Creation.Created::new)
          .orElseGet(() -> new Creation.Unclear("vast answered 200 without a rental's number"));
    }
    Complaint why = complaint.get();
    if (made.isPresent()) {
      return new Creation.Stranded(made.get(), "vast answered " + why);
    }
    return switch (why.kind()) {
      case AUTH, RATE_LIMITED -> throw calls.failure(call, why);
      case REFUSED, NOT_FOUND -> new Creation.Refused("vast answered " + why);
      case SERVER, NETWORK -> new Creation.Unclear("vast answered " + why);
      case PROTOCOL -> unread(call, why);
    };
  }

  /// A client error that nothing else explains rented nothing; a 200 that is no JSON may have.
  private Creation unread(Call call, Complaint why) throws ProviderException {
    if (why.status() >= 400) {
      throw calls.failure(call, why);
    }
    return new Creation.Unclear("vast answered " + why);
  }

  @Override
  public List<Row> list() throws ProviderException {
    forgetOldStarts();
    Map<InstanceId, Row> rows = new LinkedHashMap<>();
    String token = "";
    for (int page = 0; page < MAX_PAGES; page++) {
      JsonNode answer = calls.ask(listCall(token));
      if (!answer.path("instances").isArray()) {
        throw nonsense("list instances", "the answer has no list of instances");
      }
      for (JsonNode instance : answer.path("instances")) {
        Row row = row(instance);
        rows.put(row.instance(), row);
      }
      String next = Fields.text(answer, "next_token");
      if (next.isEmpty()) {
        return List.copyOf(rows.values());
      }
      if (next.equals(token)) {
        throw nonsense("list instances", "the same page token came twice");
      }
      token = next;
    }
    throw nonsense("list instances", "the list has more than %d pages".formatted(MAX_PAGES));
  }

  private static Call listCall(String token) {
    Map<String, String> query = new HashMap<>();
    query.put("select_filters", "{}");
    query.put("order_by", "[{\"col\":\"id\",\"dir\":\"asc\"}]");
    query.put("limit", Integer.toString(PAGE_ROWS));
    if (!token.isEmpty()) {
      query.put("after_token", token);
    }
    return Call.get(Endpoint.LIST, "list instances", "api/v1/instances/", query);
  }

  private Row row(JsonNode instance) throws ProviderException {
    Optional<Long> id = Fields.positive(instance, "id");
    if (id.isEmpty()) {
      throw nonsense("list instances", "a row has no number");
    }
    InstanceId rental = new InstanceId(id.get());
    return Rentals.row(rental, instance, startedAtNanos.containsKey(rental));
  }

  private void forgetOldStarts() {
    long now = ticks.nanos();
    startedAtNanos.values().removeIf(started -> now - started > START_GRACE.toNanos());
  }

  @Override
  public void stop(InstanceId instance) throws ProviderException {
    startedAtNanos.remove(instance);
    calls.ask(stateCall("stop instance " + instance, instance, "stopped"));
  }

  @Override
  public boolean raise(InstanceId instance, UsdPerHour bid) throws ProviderException {
    ObjectNode body =
        Wire.JSON.createObjectNode().put("client_id", "me").put("price", bid.dollars());
    String path = "api/v0/instances/bid_price/%s/".formatted(instance);
    calls.ask(Call.put(Endpoint.BID, "raise the bid of instance " + instance, path, body));
    Call start = stateCall("start instance " + instance, instance, "running");
    Reply.Answer answer = calls.settle(start);
    Optional<Complaint> complaint = Complaint.of(answer);
    if (complaint.isPresent() && !complaint.get().queued()) {
      throw calls.failure(start, complaint.get());
    }
    startedAtNanos.put(instance, ticks.nanos());
    return complaint.isEmpty();
  }

  private static Call stateCall(String what, InstanceId instance, String state) {
    String path = "api/v0/instances/%s/".formatted(instance);
    return Call.put(Endpoint.STATE, what, path, Wire.JSON.createObjectNode().put("state", state));
  }

  @Override
  public void destroy(Permit permit) throws ProviderException {
    InstanceId instance = permit.instance();
    String path = "api/v0/instances/%s/".formatted(instance);
    Call call =
        Call.delete(
            Endpoint.DESTROY, "destroy instance " + instance, path, Wire.JSON.createObjectNode());
    Optional<Complaint> complaint = Complaint.of(calls.settle(call));
    if (complaint.isPresent() && !complaint.get().instanceGone()) {
      throw calls.failure(call, complaint.get());
    }
  }

  @Override
  public CopySource copyFrom(InstanceId instance, String path) throws ProviderException {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("A path on a box is absolute: " + path);
    }
    String module = "C." + instance;
    ObjectNode body = Wire.JSON.createObjectNode().put("client_id", "me");
    body.put("src_id", module).putNull("dst_id").put("src_path", path).put("dst_path", ".");
    String what = "copy from instance " + instance;
    JsonNode answer = calls.ask(Call.put(Endpoint.COPY, what, "api/v0/commands/rsync/", body));
    String host = Fields.text(answer, "src_addr");
    long port = Fields.positive(answer, "src_port").orElse(0L);
    if (!HOST.matcher(host).matches() || port < 1 || port > 65_535) {
      throw nonsense(what, "\"%s\" port %d is no address".formatted(Words.clean(host), port));
    }
    return new CopySource(COPY_USER, host, (int) port, module + "/" + path);
  }

  @Override
  public void useSshKey(String publicKey) throws ProviderException {
    String key = publicKey.strip();
    if (accountKeys().stream().anyMatch(known -> sameKey(known, key))) {
      return;
    }
    ObjectNode body = Wire.JSON.createObjectNode().put("ssh_key", key);
    calls.ask(Call.post(Endpoint.ADD_KEY, "add an SSH key to the account", "api/v0/ssh/", body));
  }

  private List<String> accountKeys() throws ProviderException {
    Call call =
        Call.get(Endpoint.LIST_KEYS, "list the account's SSH keys", "api/v0/ssh/", Map.of());
    Reply.Answer answer = calls.settle(call);
    Optional<Complaint> complaint = Complaint.of(answer);
    if (complaint.isEmpty()) {
      return answer.json().valueStream().map(row -> Fields.text(row, "key")).toList();
    }
    // An account without keys is a 404 here; one with a bad key is, too, and says so.
    boolean none = answer.status() == 404 && answer.json().isObject();
    if (none && complaint.get().kind() != Kind.AUTH) {
      return List.of();
    }
    throw calls.failure(call, complaint.get());
  }

  /// Same type and same key; what follows is a comment.
  private static boolean sameKey(String left, String right) {
    String[] one = left.strip().split("\\s+", 3);
    String[] other = right.split("\\s+", 3);
    return one.length >= 2
        && other.length >= 2
        && one[0].equals(other[0])
        && one[1].equals(other[1]);
  }

  @Override
  public Usd credit() throws ProviderException {
    Call call =
        Call.get(Endpoint.USER, "read the account's credit", "api/v0/users/current", Map.of());
    OptionalDouble credit = Fields.number(calls.ask(call), "credit");
    if (credit.isEmpty()) {
      throw nonsense(call.what(), "the answer has no credit");
    }
    return Usd.of(credit.getAsDouble());
  }

  private static ProviderException nonsense(String what, String why) {
    return new ProviderException(
        Kind.PROTOCOL,
        "Cannot %s: %s. Check VAST_URL; if it is right, this version of Salvor is too old."
            .formatted(what, why));
  }
}
