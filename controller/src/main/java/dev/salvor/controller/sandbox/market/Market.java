package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.box.BoxState;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The marketplace: what can be asked of it, one call at a time, and its clockwork.
public final class Market {
  /// Credit runs down all the time; it need not be on disk to the millisecond.
  private static final long SAVE_EVERY_MS = 5_000;

  /// As often as the platform's own heartbeat would be a burden; disks are read for it.
  private static final long MEASURE_EVERY_MS = 2_000;

  private static final long UNMEASURED = -1;

  private final Parts parts;
  private final Books books;
  private final Floor floor;
  private final Sweep sweep;
  private final Rentals rentals;
  private final History history = new History();
  private final Map<Long, Long> diskBytes = new HashMap<>();
  private long savedMs;
  private long measuredMs;

  /// What a market is made of.
  public record Parts(
      InstantSource clock, BookStore store, MarketLog log, KeyRing ring, Pace pace, Rivals rivals) {
    /// Without rivals.
    public Parts(InstantSource clock, BookStore store, MarketLog log, KeyRing ring, Pace pace) {
      this(clock, store, log, ring, pace, Rivals.NONE);
    }
  }

  private Market(Parts parts, Books books, BoxHost host) {
    this.parts = parts;
    this.books = books;
    this.floor = new Floor(books, host, parts);
    this.sweep = new Sweep(floor);
    this.rentals = new Rentals(floor, new Volumes(this, floor));
  }

  /// The name no other market has, and the key of its only account.
  public record Identity(String market, String apiKey) {}

  /// Books that were opened but not yet worked with: the boxes want the market's name first.
  public static final class Opened {
    private final Parts parts;
    private final Books books;

    private Opened(Parts parts, Books books) {
      this.parts = parts;
      this.books = books;
    }

    public Identity identity() {
      return new Identity(books.market, books.apiKey);
    }

    /// Takes over the boxes that still run, and forgets what is in no book.
    public Market with(BoxHost host) throws BoxException {
      var market = new Market(parts, books, host);
      market.adopt();
      return market;
    }
  }

  public static Opened open(Parts parts, long seed) throws IOException {
    return new Opened(parts, parts.store().open(seed, parts.clock().millis()));
  }

  public synchronized String apiKey() {
    return books.apiKey;
  }

  /// The instance a box's own key is for.
  public synchronized Optional<Long> instanceOf(String key) {
    return books.instances.values().stream()
        .filter(instance -> instance.key().equals(key))
        .map(Instance::id)
        .findFirst();
  }

  public synchronized ObjectNode search(JsonNode query) throws Refusal {
    return new OfferSearch(books, floor.auction()).search(query, now());
  }

  public synchronized ObjectNode create(long ask, JsonNode body) throws Refusal, BoxException {
    try {
      return rentals.create(ask, CreateOrder.parse(body), now());
    } finally {
      settle();
    }
  }

  public synchronized ObjectNode setState(long id, String state) throws Refusal, BoxException {
    ObjectNode answer =
        switch (state) {
          case "running" -> rentals.start(id, now());
          case "stopped" -> rentals.stop(id, now());
          default -> throw Refusal.invalid("error 400/3201: unknown state " + state);
        };
    settle();
    return answer;
  }

  public synchronized ObjectNode reboot(long id) throws Refusal, BoxException {
    ObjectNode answer = rentals.reboot(id, now());
    settle();
    return answer;
  }

  public synchronized ObjectNode recycle(long id) throws Refusal, BoxException {
    ObjectNode answer = rentals.recycle(id, now());
    settle();
    return answer;
  }

  public synchronized ObjectNode update(long id, JsonNode body) throws Refusal {
    ObjectNode answer = rentals.update(id, body, now());
    settle();
    return answer;
  }

  public synchronized ObjectNode label(long id, String label) throws Refusal {
    ObjectNode answer = rentals.label(id, label, now());
    settle();
    return answer;
  }

  public synchronized ObjectNode bid(long id, JsonNode price) throws Refusal {
    ObjectNode answer = rentals.bid(id, price, now());
    settle();
    return answer;
  }

  public synchronized ObjectNode destroy(long id) throws Refusal, BoxException {
    ObjectNode answer = rentals.destroy(id, now());
    settle();
    return answer;
  }

  public synchronized ObjectNode list(InstanceQuery query) throws Refusal {
    long now = now();
    List<ObjectNode> rows =
        books
            .faults
            .take(Fault.Kind.STALE_LIST, now, _ -> true)
            .map(fault -> history.at(now - (long) (fault.amounts().seconds() * 1000)))
            .orElseGet(() -> rows(now));
    return query.page(rows);
  }

  /// The row, or `null` in its place where there is none.
  public synchronized ObjectNode show(long id) {
    var answer = JsonNodeFactory.instance.objectNode();
    Instance instance = books.instances.get(id);
    answer.set("instances", instance == null ? null : row(instance, now()));
    return answer;
  }

  /// What there is to filter the list by.
  public synchronized ObjectNode filters() {
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    var all = answer.putArray("filters");
    for (ObjectNode row : rows(now())) {
      var one = all.addObject();
      List.of("actual_status", "verification", "gpu_name")
          .forEach(name -> one.set(name, row.get(name)));
    }
    return answer;
  }

  public List<String> gpuNames() {
    return Card.COMMON.stream().map(Card::name).toList();
  }

  public synchronized boolean exists(long id) {
    return books.instances.containsKey(id);
  }

  public synchronized SshKeys keys() {
    return new SshKeys(this, floor);
  }

  public synchronized Volumes volumes() {
    return new Volumes(this, floor);
  }

  public synchronized Purse purse() {
    return new Purse(this, floor);
  }

  /// Whether the instance is down by the platform's word.
  public synchronized boolean isDown(long id) {
    Instance instance = books.instances.get(id);
    return instance != null && instance.life().stage() == Stage.EXITED;
  }

  /// What the host's daemon has to say of an instance: its lines of the log.
  public String daemonLog(long id) {
    return parts.log().of(id);
  }

  public synchronized double credit() {
    Meter.charge(books, now());
    return books.credit;
  }

  /// Arms faults; what is wrong with them is added to `problems`, and then none is armed.
  public synchronized int addFaults(JsonNode json, List<String> problems) {
    int count = books.faults.add(json, now(), problems);
    settle();
    return problems.isEmpty() ? count : 0;
  }

  /// Whether faults were ever armed here: a market that comes back does not arm its first ones
  /// again.
  public synchronized boolean hadFaults() {
    return books.faults.everArmed();
  }

  /// Whether the answer to this create is to be lost on its way.
  public boolean losesCreate() {
    return meets(Fault.Kind.CREATE_502);
  }

  /// Whether the logs are not there yet.
  public boolean delaysLogs() {
    return meets(Fault.Kind.SLOW_LOGS);
  }

  private synchronized boolean meets(Fault.Kind kind) {
    return take(kind, "any").isPresent();
  }

  /// The shape of the 429 this endpoint is to answer now.
  public synchronized Optional<String> tooMany(String endpoint) {
    return take(Fault.Kind.HTTP_429, endpoint).map(fault -> fault.words().form());
  }

  /// An error that this endpoint is to answer now instead of doing anything.
  public synchronized Optional<Trouble> trouble(String endpoint) {
    return take(Fault.Kind.HTTP_ERROR, endpoint)
        .map(fault -> new Trouble(fault.words().status(), fault.words().form()));
  }

  /// An error of the front proxy's or the platform's, and its shape.
  public record Trouble(int status, String form) {}

  /// How long the answer of this endpoint is to be held back now.
  public synchronized Optional<Duration> holdsBack(String endpoint) {
    return take(Fault.Kind.SLOW_ANSWER, endpoint)
        .map(fault -> Duration.ofMillis((long) (fault.amounts().seconds() * 1000)));
  }

  private Optional<Fault> take(Fault.Kind kind, String endpoint) {
    Optional<Fault> fault =
        books.faults.take(
            kind,
            now(),
            f -> f.words().endpoint().equals("any") || f.words().endpoint().equals(endpoint));
    String name = kind.name().toLowerCase(Locale.ROOT);
    var detail = MarketLog.detail().put("fault", name).put("endpoint", endpoint);
    fault.ifPresent(_ -> parts.log().append(now(), "fault", 0, detail));
    return fault;
  }

  /// One turn of the clockwork, from one thread only. The slow look at disks is done without the
  /// lock.
  public void tick() throws BoxException {
    measure();
    List<Faults.Watch> watches;
    synchronized (this) {
      watches = books.faults.watches(books.instances.values());
    }
    List<Faults.Watch> reached =
        watches.stream()
            .filter(w -> floor.host().reaches(w.instance(), w.path().pattern(), w.path().number()))
            .toList();
    synchronized (this) {
      if (sweep.step(now(), reached) || now() - savedMs > SAVE_EVERY_MS) {
        settle();
      }
    }
  }

  private void measure() {
    List<Long> ids;
    synchronized (this) {
      if (now() - measuredMs < MEASURE_EVERY_MS) {
        return;
      }
      measuredMs = now();
      ids = List.copyOf(books.instances.keySet());
    }
    var fresh = new HashMap<Long, Long>();
    ids.forEach(id -> fresh.put(id, floor.host().diskBytes(id)));
    synchronized (this) {
      diskBytes.clear();
      diskBytes.putAll(fresh);
    }
  }

  /// Kills every box; disks and books stay, and what was wanted runs again when the market reopens.
  public synchronized void close(boolean wipe) throws BoxException {
    long now = now();
    for (Instance instance : List.copyOf(books.instances.values())) {
      if (wipe) {
        rentals.remove(instance, now);
      } else if (instance.life().stage().holdsGpus()) {
        floor.bring(instance, Cause.HOST, "market closed", now);
      }
    }
    parts.log().append(now, "market_closed", 0, MarketLog.detail().put("wipe", wipe));
    settle();
  }

  private void adopt() throws BoxException {
    long now = now();
    parts.log().append(now, "market_opened", 0, MarketLog.detail());
    for (Instance instance : List.copyOf(books.instances.values())) {
      boolean hadBox = instance.life().sshPort() > 0;
      if (hadBox && floor.host().state(instance.id()) != BoxState.DOWN) {
        int port = floor.host().openDoor(instance.id(), instance.life().sshPort());
        floor.move(instance, instance.life().onPort(port), now);
        floor.note(now, "adopted", instance.id(), MarketLog.detail().put("ssh_port", port));
      } else if (hadBox || floor.host().state(instance.id()) != BoxState.DOWN) {
        floor.bring(
            instance, instance.life().wanted() ? Cause.HOST : Cause.STOPPED, "host restarted", now);
      }
    }
    for (long id : floor.host().known()) {
      if (!books.instances.containsKey(id)) {
        floor.host().destroy(id);
      }
    }
    settle();
  }

  /// After each change: to disk, to the ssh server, to the history.
  void settle() {
    long now = now();
    savedMs = now;
    parts.store().save(books);
    var keys = new TreeMap<Long, List<SshKey>>();
    books.instances.values().forEach(instance -> keys.put(instance.id(), instance.keys()));
    parts.ring().replace(keys);
    history.add(now, rows(now));
  }

  private List<ObjectNode> rows(long now) {
    var rows = new ArrayList<ObjectNode>();
    books.instances.values().forEach(instance -> rows.add(row(instance, now)));
    return rows;
  }

  private ObjectNode row(Instance instance, long now) {
    return InstanceRow.of(
        instance,
        new InstanceRow.Surroundings(
            books.lot(instance),
            books.condition(instance.machine()),
            new InstanceRow.Surroundings.Money(
                books.credit,
                floor.auction().minBid(books.lot(instance), instance.id(), now),
                hidesPorts(instance, now)),
            diskBytes.getOrDefault(instance.id(), UNMEASURED),
            now));
  }

  private boolean hidesPorts(Instance instance, long now) {
    return books.faults.lies(
        Fault.Kind.NO_PORTS,
        now,
        f -> f.concerns(instance.id()) && now < instance.life().sinceMs() + 1000 * Floor.lasts(f));
  }

  long now() {
    return parts.clock().millis();
  }
}
