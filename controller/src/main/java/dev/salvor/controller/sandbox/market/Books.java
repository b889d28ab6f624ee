package dev.salvor.controller.sandbox.market;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Everything the market remembers; changed only under the market's lock, kept by [BookStore].
final class Books {
  final String market;
  final long seed;
  final String apiKey;
  final Map<Long, Machine> machines = new TreeMap<>();
  final Map<Long, Condition> conditions = new TreeMap<>();
  final Map<Long, Instance> instances = new TreeMap<>();
  final List<SshKey> accountKeys = new ArrayList<>();
  final Map<Long, Volume> volumes = new TreeMap<>();
  final Map<String, String> secrets = new TreeMap<>();
  final Ledger ledger;
  final Faults faults;
  final long bornMs;
  double credit;
  long chargedMs;
  private long nextInstance;
  private long nextKey;

  /// The books as they lie on disk.
  record Page(
      int version,
      String market,
      long seed,
      String apiKey,
      double credit,
      long chargedMs,
      long nextInstance,
      long nextKey,
      List<Instance> instances,
      Map<Long, Condition> conditions,
      List<SshKey> keys,
      boolean faultsArmed,
      List<Faults.Kept> faults,
      More more) {
    static final int VERSION = 3;

    Page {
      instances = List.copyOf(instances);
      conditions = Map.copyOf(conditions);
      keys = List.copyOf(keys);
      faults = List.copyOf(faults);
    }

    /// What else there is beside instances.
    record More(
        long bornMs,
        List<Volume> volumes,
        Map<String, String> secrets,
        Map<String, Double> ledger) {
      More {
        volumes = List.copyOf(volumes);
        secrets = Map.copyOf(secrets);
        ledger = Map.copyOf(ledger);
      }
    }
  }

  Books(Page page) {
    market = page.market();
    seed = page.seed();
    apiKey = page.apiKey();
    credit = page.credit();
    chargedMs = page.chargedMs();
    faults = new Faults(page.seed());
    bornMs = page.more().bornMs();
    ledger = new Ledger(page.more().ledger());
    secrets.putAll(page.more().secrets());
    page.more().volumes().forEach(volume -> volumes.put(volume.id(), volume));
    nextInstance = page.nextInstance();
    nextKey = page.nextKey();
    Machine.market(seed).forEach(machine -> machines.put(machine.id(), machine));
    conditions.putAll(page.conditions());
    page.instances().forEach(instance -> instances.put(instance.id(), instance));
    accountKeys.addAll(page.keys());
    faults.restore(page.faultsArmed());
    page.faults().forEach(faults::restore);
  }

  Page page() {
    return new Page(
        Page.VERSION,
        market,
        seed,
        apiKey,
        credit,
        chargedMs,
        nextInstance,
        nextKey,
        List.copyOf(instances.values()),
        conditions,
        accountKeys,
        faults.everArmed(),
        faults.kept(),
        new Page.More(bornMs, List.copyOf(volumes.values()), secrets, ledger.kept()));
  }

  long newInstance() {
    return nextInstance++;
  }

  long newKey() {
    return nextKey++;
  }

  Machine machine(long id) {
    Machine machine = machines.get(id);
    if (machine == null) {
      throw new IllegalStateException(
          "the books name machine " + id + ", which this market has not");
    }
    return machine;
  }

  /// What an instance rents.
  Lot lot(Instance instance) {
    return new Lot(machine(instance.machine()), instance.slot());
  }

  Condition condition(long machine) {
    return conditions.getOrDefault(machine, Condition.FRESH);
  }
}
