package dev.salvor.controller.sandbox.market;

import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.box.BoxOrder;
import dev.salvor.controller.sandbox.box.BoxState;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What time does to the market: meters, rivals, faults, and each instance's next stage.
final class Sweep {
  /// A box that takes longer to come up is a failed one.
  private static final long BOX_LIMIT_MS = 30_000;

  private final Floor floor;
  private final Books books;

  /// Boxes whose ssh is refused, and until when.
  private final Map<Long, Long> refusing = new HashMap<>();

  Sweep(Floor floor) {
    this.floor = floor;
    this.books = floor.books();
  }

  /// One look at everything; whether anything changed.
  boolean step(long nowMs, List<Faults.Watch> reached) throws BoxException {
    Meter.charge(books, nowMs);
    reopen(nowMs);
    boolean changed = false;
    for (Instance instance : List.copyOf(books.instances.values())) {
      for (Fault fault : books.faults.strike(instance, nowMs, reached)) {
        strike(fault, instance, nowMs);
        changed = true;
      }
      changed |= advance(current(instance), nowMs);
    }
    return changed;
  }

  private double least(Instance instance, long nowMs) {
    return floor.auction().minBid(books.lot(instance), instance.id(), nowMs);
  }

  private Instance current(Instance instance) {
    return books.instances.getOrDefault(instance.id(), instance);
  }

  private void strike(Fault fault, Instance instance, long nowMs) throws BoxException {
    long machine = instance.machine();
    Condition now = books.condition(machine);
    var detail = MarketLog.detail().put("fault", fault.kind().name().toLowerCase(Locale.ROOT));
    switch (fault.kind()) {
      case OUTBID -> {
        double against = Math.max(instance.terms().price(), least(instance, nowMs));
        double rival = against * fault.amounts().factor();
        double stays = fault.amounts().staysS();
        long until = stays > 0 ? nowMs + (long) (stays * 1000) : Long.MAX_VALUE;
        books.conditions.put(machine, now.rivalled(rival / books.lot(instance).share(), until));
        detail.put("rival_bid", rival).put("machine", machine);
      }
      case HOST_OFFLINE -> books.conditions.put(machine, now.offline(Floor.until(fault, nowMs)));
      case PRICE_CHANGE -> {
        books.conditions.put(machine, now.priced(fault.amounts().factor()));
        detail.put("factor", fault.amounts().factor());
      }
      case CONTRACT_END -> {
        Instance.Terms old = instance.terms();
        long end = nowMs + (long) (fault.amounts().forS() * 1000);
        books.instances.put(
            instance.id(),
            instance.with(
                new Instance.Terms(
                    old.bid(), old.price(), old.diskGb(), old.storageCost(), old.startMs(), end)));
      }
      case CRASH -> floor.bring(instance, Cause.ENDED, "container exited", nowMs);
      case UNKNOWN -> books.conditions.put(machine, now.silent(Floor.until(fault, nowMs)));
      case KEYS_VANISH -> books.instances.put(instance.id(), instance.withKeys(List.of()));
      case SSH_REFUSED -> {
        floor.host().shutDoor(instance.id());
        refusing.put(instance.id(), Floor.until(fault, nowMs));
      }
      case CREATE_502,
          HTTP_429,
          HTTP_ERROR,
          NO_SUCH_ASK,
          NO_PORTS,
          STUCK_LOADING,
          STUCK_SCHEDULING,
          START_QUEUED,
          SLOW_LOGS,
          SLOW_ANSWER,
          STALE_LIST,
          OLD_DRIVER ->
          throw new IllegalStateException(fault.kind() + " strikes no instance");
    }
    floor.note(nowMs, "fault", instance.id(), detail);
  }

  private void reopen(long nowMs) throws BoxException {
    for (var one : List.copyOf(refusing.entrySet())) {
      Instance instance = books.instances.get(one.getKey());
      if (instance == null || instance.life().stage() != Stage.RUNNING) {
        refusing.remove(one.getKey());
      } else if (nowMs >= one.getValue()) {
        floor.host().openDoor(instance.id(), instance.life().sshPort());
        refusing.remove(one.getKey());
      }
    }
  }

  private boolean advance(Instance instance, long nowMs) throws BoxException {
    Instance.Life life = instance.life();
    boolean offline = books.condition(instance.machine()).isOffline(nowMs);
    if (life.stage() == Stage.OFFLINE) {
      if (!offline) {
        floor.move(instance, life.down(Cause.HOST, nowMs, "host is back"), nowMs);
      }
      return !offline;
    }
    if (nowMs >= instance.terms().endMs() && life.cause() != Cause.EXPIRED) {
      Instance over = instance.with(life.wanting(false));
      floor.bring(over, Cause.EXPIRED, "contract ended", nowMs);
      return true;
    }
    if (life.stage().holdsGpus()) {
      return takeDown(instance, offline, nowMs) || climb(instance, nowMs);
    }
    return rise(instance, nowMs);
  }

  /// What ends a run from outside: the host, the auction, the credit.
  private boolean takeDown(Instance instance, boolean offline, long nowMs) throws BoxException {
    if (offline) {
      floor.kill(instance, nowMs);
      Instance.Life away = instance.life().onPort(0);
      floor.move(instance, away.at(Stage.OFFLINE, nowMs, Long.MAX_VALUE, "host offline"), nowMs);
      return true;
    }
    if (!floor.auction().keeps(instance, nowMs)) {
      boolean taken = floor.auction().taken(instance.machine(), nowMs);
      String least = String.format(Locale.ROOT, "%.4f", least(instance, nowMs));
      String why = taken ? "its GPUs were rented on demand" : "min_bid is now " + least;
      floor.bring(instance, Cause.OUTBID, "outbid, " + why, nowMs);
      return true;
    }
    if (books.credit <= 0) {
      floor.bring(
          instance.with(instance.life().wanting(false)), Cause.NO_CREDIT, "no credit", nowMs);
      return true;
    }
    return false;
  }

  /// From exited upwards, where the instance is wanted and can run.
  private boolean rise(Instance instance, long nowMs) throws BoxException {
    Instance.Life life = instance.life();
    if (!life.wanted() || nowMs < life.dueMs()) {
      return false;
    }
    if (life.cause().passes() && floor.canRun(instance, nowMs)) {
      floor.begin(instance, nowMs);
      return true;
    }
    if (!life.startsSoon()) {
      return false;
    }
    if (!floor.canRun(instance, nowMs)) {
      floor.move(instance, life.because(Cause.QUEUED, 0), nowMs);
      return true;
    }
    load(instance, nowMs);
    return true;
  }

  /// From one stage of coming up to the next.
  private boolean climb(Instance instance, long nowMs) throws BoxException {
    Instance.Life life = instance.life();
    if (life.stage() == Stage.RUNNING) {
      return watch(instance, nowMs);
    }
    if (life.stage() == Stage.LOADING && life.sshPort() > 0) {
      return settle(instance, nowMs);
    }
    if (nowMs < life.dueMs()) {
      return false;
    }
    switch (life.stage()) {
      case SCHEDULING -> {
        long due = nowMs + floor.startMs(instance) / 4;
        floor.move(instance, life.at(Stage.CREATED, nowMs, due, "created"), nowMs);
      }
      case CREATED -> load(instance, nowMs);
      case LOADING -> start(instance, nowMs);
      case RUNNING, EXITED, OFFLINE -> throw new IllegalStateException("climbing from " + life);
    }
    return true;
  }

  private void load(Instance instance, long nowMs) {
    long due = nowMs + floor.startMs(instance) * 3 / 4;
    var stuck = books.faults.take(Fault.Kind.STUCK_LOADING, nowMs, f -> f.concerns(instance.id()));
    if (stuck.isPresent()) {
      floor.note(nowMs, "fault", instance.id(), MarketLog.detail().put("fault", "stuck_loading"));
      due = Floor.until(stuck.get(), nowMs);
    }
    String message = "pulling " + instance.program().image();
    floor.move(instance, instance.life().at(Stage.LOADING, nowMs, due, message), nowMs);
  }

  private void start(Instance instance, long nowMs) {
    try {
      int port = floor.host().openDoor(instance.id(), 0);
      Instance.Life life = instance.life().onPort(port);
      Instance.Life starting =
          new Instance.Life(
              true,
              Stage.LOADING,
              Cause.NONE,
              life.sinceMs(),
              nowMs + BOX_LIMIT_MS,
              port,
              "starting");
      books.instances.put(instance.id(), instance.with(starting));
      var old = books.faults.take(Fault.Kind.OLD_DRIVER, nowMs, f -> f.concerns(instance.id()));
      old.ifPresent(_ ->
          floor.note(nowMs, "fault", instance.id(), MarketLog.detail().put("fault", "old_driver")));
      BoxOrder order = BoxPlan.of(instance, books.lot(instance).part(), port, books.secrets);
      floor.host().start(old.isPresent() ? OldDriver.in(order, books.lot(instance).part()) : order);
      floor.note(nowMs, "box_started", instance.id(), MarketLog.detail().put("ssh_port", port));
    } catch (BoxException e) {
      floor.move(
          instance, instance.life().down(Cause.FAILED, nowMs, "Error: " + e.getMessage()), nowMs);
    }
  }

  private boolean settle(Instance instance, long nowMs) throws BoxException {
    Instance.Life life = instance.life();
    switch (floor.host().state(instance.id())) {
      case UP -> {
        String message = "success, running " + instance.program().image();
        floor.move(instance, life.at(Stage.RUNNING, nowMs, 0, message), nowMs);
      }
      case DOWN -> ended(instance, nowMs);
      case STARTING -> {
        if (nowMs < life.dueMs()) {
          return false;
        }
        floor.bring(instance, Cause.FAILED, "Error: the container did not start", nowMs);
      }
    }
    return true;
  }

  private boolean watch(Instance instance, long nowMs) throws BoxException {
    if (floor.host().state(instance.id()) != BoxState.DOWN) {
      return false;
    }
    ended(instance, nowMs);
    return true;
  }

  private void ended(Instance instance, long nowMs) throws BoxException {
    String refusal = floor.host().refusal(instance.id());
    boolean may = instance.life().stage() == Stage.RUNNING || instance.program().isArgs();
    if (!refusal.isEmpty()) {
      floor.bring(instance, Cause.FAILED, "Error response from daemon: " + refusal, nowMs);
    } else if (may) {
      floor.bring(instance, Cause.ENDED, "container exited", nowMs);
    } else {
      String failed = "Error: OCI runtime create failed, see the logs";
      floor.bring(instance, Cause.FAILED, failed, nowMs);
    }
  }
}
