package dev.salvor.controller.sandbox.market;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One machine for rent, as it was generated; what changes about it is its [Condition].
record Machine(
    long id, long host, Card card, int gpus, boolean verified, Ask ask, Parts parts, Line line) {
  /// Enough of each card that a few bad machines leave a choice, and more in all than one search
  /// answers.
  private static final int PER_CARD = 8;

  private static final long FIRST_ID = 20_101;

  /// Hosts open hundreds, or a few, or forgot to.
  private static final List<Integer> PORTS = List.of(100, 250, 0, 16, 999);

  private static final List<Place> PLACES =
      List.of(
          new Place("Sweden, SE", "SE"),
          new Place("California, US", "US"),
          new Place("Texas, US", "US"),
          new Place("Germany, DE", "DE"),
          new Place("Norway, NO", "NO"),
          new Place("Japan, JP", "JP"),
          new Place("Poland, PL", "PL"),
          new Place("Quebec, CA", "CA"));

  /// The prices: for the GPUs an hour on demand, the least bid, and for a GB of disk a month.
  record Ask(double price, double minBid, double storage, Duration length) {
    private Ask part(double share) {
      return new Ask(price * share, minBid * share, storage, length);
    }
  }

  /// What the machine is made of.
  record Parts(
      int cores, long ramMb, double diskGb, double reliability, String driver, double cuda) {
    private Parts part(double share) {
      return new Parts(
          Math.max(1, (int) (cores * share)),
          (long) (ramMb * share),
          Math.floor(diskGb * share),
          reliability,
          driver,
          cuda);
    }
  }

  /// How it is connected; rates in Mb/s, prices a GB.
  ///
  /// @param ports that lead straight to its boxes; with none, only the proxy does
  record Line(Place place, double up, double down, double upCost, double downCost, int ports) {}

  /// Where it stands.
  record Place(String name, String country) {}

  /// The same market from the same seed.
  static List<Machine> market(long seed) {
    var random = new Random(seed);
    var all = new ArrayList<Machine>();
    for (int i = 0; i < PER_CARD; i++) {
      for (Card card : Card.COMMON) {
        all.add(one(FIRST_ID + all.size(), card, i, random));
      }
    }
    return List.copyOf(all);
  }

  /// The first of each card are verified, single-card machines for months: a search for any card
  /// finds one.
  private static Machine one(long id, Card card, int nth, Random random) {
    int gpus = nth < 4 ? 1 : 1 << random.nextInt(4);
    boolean verified = nth < 2 || random.nextDouble() < 0.6;
    double price = round(card.price() * gpus * random.nextDouble(0.8, 1.4));
    long hours = nth < 2 ? random.nextLong(24 * 30, 24 * 180) : random.nextLong(5, 24 * 90);
    var ask =
        new Ask(
            price,
            round(price * random.nextDouble(0.35, 0.7)),
            round(random.nextDouble(0.1, 0.3)),
            Duration.ofHours(hours));
    var parts =
        new Parts(
            gpus * random.nextInt(8, 33),
            gpus * 1024L * random.nextInt(24, 129),
            random.nextInt(100, 2000),
            round(verified ? random.nextDouble(0.97, 0.999) : random.nextDouble(0.8, 0.98)),
            random.nextBoolean() ? "560.35.03" : "535.183.01",
            random.nextBoolean() ? 12.6 : 12.2);
    boolean free = random.nextDouble() < 0.4;
    var line =
        new Line(
            PLACES.get(random.nextInt(PLACES.size())),
            random.nextInt(100, 3000),
            random.nextInt(200, 6000),
            free ? 0 : round(random.nextDouble(0.002, 0.03)),
            free ? 0 : round(random.nextDouble(0.002, 0.02)),
            nth < 2 ? PORTS.getFirst() : PORTS.get((int) (id % PORTS.size())));
    return new Machine(id, 5_000 + id % 37, card, gpus, verified, ask, parts, line);
  }

  /// As much of it as a customer of some of its GPUs gets.
  Machine part(int some, double share) {
    return new Machine(id, host, card, some, verified, ask.part(share), parts.part(share), line);
  }

  private static double round(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
