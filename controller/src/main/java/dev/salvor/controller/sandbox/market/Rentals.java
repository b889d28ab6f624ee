package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.box.BoxException;
import java.util.Optional;

/// What a customer may do: rent, start, stop, label, bid, destroy.
final class Rentals {
  /// The platform's words where a machine's GPUs are taken.
  private static final String QUEUED =
      "Required resources are currently unavailable, state change queued.";

  private static final int MAX_LABEL = 1024;
  private static final double HIGHEST_BID = 32;

  /// A winning bid that was left to the platform is so much over the least.
  private static final double WINNING = 1.01;

  private final Floor floor;
  private final Books books;
  private final Volumes volumes;

  Rentals(Floor floor, Volumes volumes) {
    this.floor = floor;
    this.books = floor.books();
    this.volumes = volumes;
  }

  ObjectNode create(long ask, CreateOrder order, long nowMs) throws Refusal, BoxException {
    Lot lot = offered(ask, nowMs);
    Machine machine = lot.part();
    if (order.diskGb() > machine.parts().diskGb()) {
      throw Refusal.invalid("error 400/3103: disk is larger than the offer's disk_space");
    }
    if (books.credit <= 0) {
      throw new Refusal(400, "insufficient_credit", "Your account lacks credit.");
    }
    if (books.faults.take(Fault.Kind.NO_SUCH_ASK, nowMs, _ -> true).isPresent()) {
      floor.note(nowMs, "fault", 0, MarketLog.detail().put("fault", "no_such_ask").put("ask", ask));
      throw noSuchAsk(ask);
    }
    boolean free = floor.auction().open(lot, nowMs);
    if (!free && order.cancels()) {
      throw taken(ask);
    }
    boolean low = order.bid() && order.price() < floor.auction().minBid(lot, 0, nowMs);
    var mounts = volumes.mounts(order.disks().info(), order.disks().links(), lot.machine());
    books.conditions.put(machine.id(), books.condition(machine.id()).let(lot.number()));
    Instance made = instance(order, lot, nowMs, order.wanted() && !low && free);
    made = made.with(made.program().with(mounts));
    books.instances.put(made.id(), made);
    floor.note(nowMs, "create", made.id(), describe(made, ask));
    if (low) {
      floor.move(made, made.life().because(Cause.LOW_BID, 0), nowMs);
      throw new Refusal(400, "invalid_price", "Bid price is below the current min_bid.")
          .with("new_contract", made.id())
          .with("instance_api_key", made.key());
    }
    var answer = yes().put("new_contract", made.id()).put("instance_api_key", made.key());
    return answer.put("ask_id", ask);
  }

  private Lot offered(long ask, long nowMs) throws Refusal {
    Machine machine = books.machines.get(OfferRow.machineOf(ask));
    if (machine == null || books.condition(machine.id()).isOffline(nowMs)) {
      throw noSuchAsk(ask);
    }
    Condition now = books.condition(machine.id());
    return Lot.of(machine).stream()
        .filter(lot -> OfferRow.askId(lot, now) == ask)
        .filter(lot -> !floor.auction().taken(machine.id(), nowMs))
        .findFirst()
        .orElseThrow(() -> noSuchAsk(ask));
  }

  /// It is offered no more since a part of it went to somebody; asked to, the platform makes none.
  private static Refusal taken(long ask) {
    return new Refusal(
            410, "no_such_ask", "error 410/3907: no_such_ask " + ask + " cannot be started now.")
        .with("ask_id", ask);
  }

  private static Refusal noSuchAsk(long ask) {
    return Refusal.invalid(
            "error 404/3603: no_such_ask Instance type by id " + ask + " is not available.")
        .with("ask_id", ask);
  }

  private Instance instance(CreateOrder order, Lot lot, long nowMs, boolean wanted) {
    Machine machine = lot.part();
    long id = books.newInstance();
    Condition condition = books.condition(machine.id());
    var terms =
        new Instance.Terms(
            order.bid(),
            order.bid() ? order.price() : condition.price(machine),
            order.diskGb(),
            machine.ask().storage(),
            nowMs,
            nowMs + machine.ask().length().toMillis());
    var life =
        wanted
            ? new Instance.Life(true, Stage.SCHEDULING, Cause.NONE, nowMs, nowMs, 0, "")
            : new Instance.Life(false, Stage.EXITED, Cause.STOPPED, nowMs, 0, 0, "");
    Optional<Fault> stuck =
        wanted
            ? books.faults.take(Fault.Kind.STUCK_SCHEDULING, nowMs, f -> f.concerns(id))
            : Optional.empty();
    if (stuck.isPresent()) {
      floor.note(nowMs, "fault", id, MarketLog.detail().put("fault", "stuck_scheduling"));
      life = life.because(Cause.NONE, Floor.until(stuck.get(), nowMs));
    } else if (wanted) {
      long due = nowMs + floor.startMs(id, machine.id()) / 4;
      life = life.at(Stage.CREATED, nowMs, due, "created");
    }
    return new Instance(
        id,
        BookStore.secret(32),
        machine.id(),
        lot.slot(),
        order.label(),
        terms,
        order.program(),
        life,
        books.accountKeys);
  }

  private static ObjectNode describe(Instance made, long ask) {
    var detail = MarketLog.detail().put("ask", ask).put("machine", made.machine());
    detail.put("gpus", made.slot().gpus()).put("first_gpu", made.slot().first());
    detail.put("label", made.label()).put("bid", made.terms().bid());
    return detail.put("price", made.terms().price()).put("disk_gb", made.terms().diskGb());
  }

  ObjectNode start(long id, long nowMs) throws Refusal {
    Instance instance = instance(id);
    floor.note(nowMs, "start", id, MarketLog.detail());
    Instance.Life life = instance.life();
    if (nowMs >= instance.terms().endMs()) {
      throw new Refusal(400, "invalid_args", "The contract of this instance has ended.");
    }
    if (life.stage() != Stage.EXITED || life.startsSoon()) {
      floor.move(instance, life.wanting(true), nowMs);
      return yes();
    }
    Optional<Fault> queued = books.faults.take(Fault.Kind.START_QUEUED, nowMs, f -> f.concerns(id));
    if (queued.isPresent() || !floor.canRun(instance, nowMs)) {
      Cause why = floor.auction().keeps(instance, nowMs) ? Cause.QUEUED : Cause.OUTBID;
      long due = queued.map(fault -> Floor.until(fault, nowMs)).orElse(0L);
      floor.move(instance, life.wanting(true).because(why, due), nowMs);
      return JsonNodeFactory.instance.objectNode().put("success", false).put("msg", QUEUED);
    }
    floor.begin(instance.with(life.wanting(true)), nowMs);
    return yes();
  }

  ObjectNode stop(long id, long nowMs) throws Refusal, BoxException {
    Instance instance = instance(id);
    floor.note(nowMs, "stop", id, MarketLog.detail());
    if (instance.life().stage() == Stage.OFFLINE) {
      // Nobody can say more of a host that is away; it will not start again when it is back.
      floor.move(instance, instance.life().wanting(false), nowMs);
      return yes();
    }
    floor.bring(instance.with(instance.life().wanting(false)), Cause.STOPPED, "stopped", nowMs);
    return yes();
  }

  ObjectNode reboot(long id, long nowMs) throws Refusal, BoxException {
    Instance instance = instance(id);
    floor.note(nowMs, "reboot", id, MarketLog.detail());
    if (instance.life().stage() == Stage.RUNNING) {
      floor.begin(floor.bring(instance, Cause.HOST, "rebooting", nowMs), nowMs);
    }
    return yes();
  }

  ObjectNode label(long id, String label, long nowMs) throws Refusal {
    if (label.length() > MAX_LABEL) {
      throw new Refusal(400, "label_too_long", "label must be at most 1024 characters");
    }
    books.instances.put(id, instance(id).labelled(label));
    floor.note(nowMs, "label", id, MarketLog.detail().put("label", label));
    return yes();
  }

  /// A price of null is a winning one.
  ObjectNode bid(long id, JsonNode price, long nowMs) throws Refusal {
    Instance instance = instance(id);
    Instance.Terms old = instance.terms();
    if (!old.bid()) {
      throw Refusal.invalid("error 400/3301: this instance is not interruptible");
    }
    double next = price.isNumber() ? price.asDouble() : least(instance, nowMs) * WINNING;
    if (next <= 0 || next > HIGHEST_BID) {
      throw new Refusal(400, "invalid_price", "price must be between 0.001 and 32");
    }
    books.instances.put(
        id,
        instance.with(
            new Instance.Terms(
                true, next, old.diskGb(), old.storageCost(), old.startMs(), old.endMs())));
    floor.note(nowMs, "bid", id, MarketLog.detail().put("from", old.price()).put("to", next));
    return yes();
  }

  private double least(Instance instance, long nowMs) {
    return floor.auction().minBid(books.lot(instance), instance.id(), nowMs);
  }

  /// From a fresh image, in place: what was in the container is gone.
  ObjectNode recycle(long id, long nowMs) throws Refusal, BoxException {
    Instance instance = instance(id);
    floor.note(nowMs, "recycle", id, MarketLog.detail());
    boolean up = instance.life().stage() == Stage.RUNNING;
    Instance down = floor.bring(instance, Cause.HOST, "recycling", nowMs);
    floor.host().destroy(id);
    if (up) {
      floor.begin(down, nowMs);
    }
    return yes();
  }

  /// Another image, arguments, environment or onstart text, from the next start on.
  ObjectNode update(long id, JsonNode body, long nowMs) throws Refusal {
    Instance instance = instance(id);
    Instance.Program old = instance.program();
    var env = new java.util.TreeMap<>(old.env());
    body.path("env").properties().forEach(e -> env.put(e.getKey(), e.getValue().asText()));
    var next =
        new Instance.Program(
            body.path("image").asText(old.image()),
            old.runtype(),
            body.path("onstart").asText(old.onstart()),
            body.path("args").isTextual() ? Words.of(body.path("args").asText()) : old.args(),
            env,
            old.mounts());
    books.instances.put(id, instance.with(next));
    floor.note(nowMs, "update", id, MarketLog.detail().put("image", next.image()));
    return yes().put("updated_instance", id).put("msg", "Instance updated.");
  }

  ObjectNode destroy(long id, long nowMs) throws Refusal, BoxException {
    Instance instance = instance(id);
    floor.note(nowMs, "destroy", id, MarketLog.detail().put("label", instance.label()));
    remove(instance, nowMs);
    return yes();
  }

  void remove(Instance instance, long nowMs) throws BoxException {
    floor.host().destroy(instance.id());
    books.instances.remove(instance.id());
    floor.note(nowMs, "destroyed", instance.id(), MarketLog.detail().put("disk", "gone"));
  }

  private Instance instance(long id) throws Refusal {
    Instance instance = books.instances.get(id);
    if (instance == null) {
      throw Refusal.noInstance(id);
    }
    return instance;
  }

  static ObjectNode yes() {
    return JsonNodeFactory.instance.objectNode().put("success", true);
  }
}
