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
  final Faults faults = new Faults();
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
      List<Faults.Kept> faults) {
    static final int VERSION = 1;

    Page {
      instances = List.copyOf(instances);
      conditions = Map.copyOf(conditions);
      keys = List.copyOf(keys);
      faults = List.copyOf(faults);
    }
  }

  Books(Page page) {
    market = page.market();
    seed = page.seed();
    apiKey = page.apiKey();
    credit = page.credit();
    chargedMs = page.chargedMs();
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
        faults.kept());
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

  Condition condition(long machine) {
    return conditions.getOrDefault(machine, Condition.FRESH);
  }

  double minBid(Instance instance, long nowMs) {
    return condition(instance.machine()).minBid(machine(instance.machine()), nowMs);
  }

  /// Whether nobody but `self` (0: nobody at all) has or is about to get the machine's GPUs.
  boolean gpusFree(long machine, long self) {
    return instances.values().stream()
        .filter(other -> other.machine() == machine && other.id() != self)
        .noneMatch(other -> other.life().stage().holdsGpus() || other.life().startsSoon());
  }
}
