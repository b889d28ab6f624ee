package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.provider.Instances;
import dev.salvor.controller.provider.Marketplace;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import dev.salvor.controller.provider.Row;
import java.util.List;
import java.util.Optional;

/// The vast.ai marketplace, or anything that answers like it. Safe for many threads.
public final class VastProvider implements Provider {
  private final Calls calls;
  private final InstanceList list;
  private final VastInstances instances;

  public VastProvider(VastConfig config) {
    this(config, Ticks.SYSTEM);
  }

  VastProvider(VastConfig config, Ticks ticks) {
    this.calls = new Calls(config, ticks);
    Starts starts = new Starts(ticks);
    this.list = new InstanceList(calls, starts);
    this.instances = new VastInstances(calls, list, starts);
  }

  /// Everything else that the same account can do, at the same pace.
  public Marketplace marketplace() {
    return new Marketplace(
        this,
        new VastOffers(calls),
        instances,
        new VastSshKeys(calls),
        new VastCopies(calls),
        new VastVolumes(calls),
        new VastAccount(calls));
  }

  @Override
  public List<Offer> search(RunSpec.Market market) throws ProviderException {
    Query query = Query.parse(market.query()).forImage(market.image());
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
      throw calls.nonsense("search offers", "the answer has no list of offers");
    }
    return rows;
  }

  @Override
  public Creation create(CreateRequest request) throws ProviderException {
    String what = "rent offer " + request.offer();
    List<String> problems = CreateBody.problems(request);
    if (!problems.isEmpty()) {
      String why = String.join("; ", problems);
      throw calls.failed(Kind.REFUSED, what, why, "Correct it, then try again.");
    }
    String path = "api/v0/asks/%d/".formatted(request.offer());
    Call call = Call.put(Endpoint.CREATE, what, path, CreateBody.of(request));
    return switch (calls.once(call)) {
      case Reply.Lost lost -> creation(call, lost);
      case Reply.Answer answer -> creation(call, hushed(answer, request));
    };
  }

  /// What the platform repeats of a request may hold the image's login.
  private static Reply.Answer hushed(Reply.Answer answer, CreateRequest request) {
    return request.extras().login().map(login -> answer.without(login.token())).orElse(answer);
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
    return list.rows();
  }

  @Override
  public void stop(InstanceId instance) throws ProviderException {
    instances.stop(instance);
  }

  @Override
  public boolean raise(InstanceId instance, UsdPerHour bid) throws ProviderException {
    instances.bid(instance, Optional.of(bid));
    return instances.start(instance);
  }

  @Override
  public boolean start(InstanceId instance) throws ProviderException {
    return instances.start(instance);
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
  public String log(InstanceId instance, int lines, boolean daemon) throws ProviderException {
    return instances.logs(instance, new Instances.LogRequest(lines, "", daemon));
  }

  @Override
  public CopySource copyFrom(InstanceId instance, String path) throws ProviderException {
    return new VastCopies(calls).from(instance, path);
  }

  @Override
  public void useSshKey(String publicKey) throws ProviderException {
    new VastSshKeys(calls).use(publicKey);
  }

  @Override
  public Usd credit() throws ProviderException {
    return new VastAccount(calls).user().credit();
  }
}
