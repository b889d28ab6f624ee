package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A machine as a row of a search, with every field the platform's rows have.
final class OfferRow {
  private static final double HOURS_A_MONTH = 30 * 24;

  /// Asks are numbered by machine, by slot, and by how often that was let, so that each can be
  /// taken once.
  private static final long ASK_BASE = 10_000_000;

  private static final int ASKS_A_MACHINE = 10_000;

  /// Eight GPUs have fifteen slots.
  private static final int ASKS_A_SLOT = ASKS_A_MACHINE / 16;

  private OfferRow() {}

  static long askId(Lot lot, Condition condition) {
    return ASK_BASE
        + lot.machine().id() * ASKS_A_MACHINE
        + (long) lot.number() * ASKS_A_SLOT
        + condition.letsOf(lot.number()) % ASKS_A_SLOT;
  }

  /// The machine an ask is of, whether the ask still stands or not.
  static long machineOf(long askId) {
    return (askId - ASK_BASE) / ASKS_A_MACHINE;
  }

  /// A row for on-demand or for bidding; the quote's disk is in its total price.
  static ObjectNode of(Lot lot, Condition now, Quote quote) {
    Machine machine = lot.part();
    boolean bid = quote.bid();
    long nowMs = quote.nowMs();
    var row = JsonNodeFactory.instance.objectNode();
    long ask = askId(lot, now);
    row.put("id", ask).put("ask_contract_id", ask).put("bundle_id", machine.id() * 31);
    row.putNull("bundled_results");
    row.put("is_bid", bid).put("rentable", true).put("rented", false);
    long end = (nowMs + machine.ask().length().toMillis()) / 1000;
    row.put("duration", (double) machine.ask().length().toSeconds()).put("end_date", (double) end);
    row.put("start_date", nowMs / 1000.0 - 86_400);
    row.put("time_remaining", "").put("time_remaining_isbid", "");
    describe(row, lot);
    row.put("hostname", "").putNull("cluster_id");
    row.put("resource_type", "gpu").put("vms_enabled", false).put("is_vm_deverified", false);
    row.put("expected_reliability", machine.parts().reliability());
    row.put("reliability", machine.parts().reliability());
    row.put("reliability_mult", machine.parts().reliability()).put("rn", 1);
    row.put("gpu_total_ram", machine.card().ramMb() * machine.gpus());
    row.put("gpu_max_power", machine.card().watts()).put("gpu_max_temp", 85.0);
    row.put("gpu_display_active", false).put("has_avx", 1).put("cpu_ghz", 3.2);
    var ids = row.putArray("gpu_ids");
    for (int i = 0; i < lot.slot().gpus(); i++) {
      ids.add(machine.id() * 10 + lot.slot().first() + i);
    }
    row.put("driver_vers", driverNumber(machine.parts().driver()));
    row.put("vericode", machine.verified() ? 1 : 0).put("geolocode", machine.id() % 97);
    row.putNull("avail_vol_ask_id").putNull("avail_vol_dph").putNull("avail_vol_size");
    row.putNull("nw_disk_min_bw").putNull("nw_disk_max_bw").putNull("nw_disk_avg_bw");
    price(row, machine, now, quote);
    return row;
  }

  /// What a row of an offer and a row of an instance say alike.
  static void describe(ObjectNode row, Lot lot) {
    Machine machine = lot.part();
    describe(row, machine);
    row.put("gpu_frac", lot.share()).put("cpu_cores", lot.machine().parts().cores());
  }

  /// What is the same for all of its slots, and for its volumes.
  static void describe(ObjectNode row, Machine machine) {
    Card card = machine.card();
    Machine.Parts parts = machine.parts();
    Machine.Line line = machine.line();
    row.put("machine_id", machine.id()).put("host_id", machine.host());
    row.put("hosting_type", machine.verified() ? 1 : 0).put("external", false);
    row.put("verification", machine.verified() ? "verified" : "unverified");
    row.put("gpu_name", card.name()).put("num_gpus", machine.gpus()).put("gpu_frac", 1.0);
    row.put("gpu_ram", card.ramMb()).put("gpu_mem_bw", card.bandwidth()).put("gpu_lanes", 16);
    row.put("gpu_arch", "nvidia").put("compute_cap", card.computeCap()).put("bw_nvlink", 0.0);
    row.put("total_flops", card.teraflops() * machine.gpus());
    row.put("dlperf", card.dlperf() * machine.gpus()).put("score", score(machine));
    row.put("pci_gen", 4.0).put("pcie_bw", 24.6).put("mobo_name", "ROME2D32GM-2T");
    row.put("cpu_name", "AMD EPYC 7742 64-Core Processor").put("cpu_arch", "amd64");
    row.put("cpu_cores", parts.cores()).put("cpu_cores_effective", (double) parts.cores());
    row.put("cpu_ram", parts.ramMb()).put("disk_name", "nvme").put("disk_bw", 2_500.0);
    row.put("disk_space", parts.diskGb()).put("reliability2", parts.reliability());
    row.put("driver_version", parts.driver()).put("cuda_max_good", parts.cuda());
    row.put("os_version", "22.04").put("direct_port_count", line.ports()).put("static_ip", true);
    row.put("geolocation", line.place().name()).put("country_code", line.place().country());
    row.put("public_ipaddr", "127.0.0.1\n").put("inet_up", line.up()).put("inet_down", line.down());
    row.put("inet_up_cost", line.upCost()).put("inet_down_cost", line.downCost());
    row.put("internet_up_cost_per_tb", line.upCost() * 1000);
    row.put("internet_down_cost_per_tb", line.downCost() * 1000);
    row.put("storage_cost", machine.ask().storage()).put("credit_discount_max", 0.4);
    row.putNull("logo").putNull("webpage");
  }

  private static void price(ObjectNode row, Machine machine, Condition now, Quote quote) {
    double minBid = quote.minBid();
    double base = quote.bid() ? minBid : now.price(machine);
    double disk = machine.ask().storage() * quote.gb() / HOURS_A_MONTH;
    double total = base + disk;
    row.put("min_bid", minBid).put("dph_base", base).put("dph_total", total);
    row.put("dph_total_adj", total).put("storage_total_cost", disk);
    row.put("discount_rate", 0.0).put("discounted_hourly", 0.0).put("discounted_dph_total", total);
    row.put("vram_costperhour", base / (machine.card().ramMb() * machine.gpus()));
    row.put("dlperf_per_dphtotal", machine.card().dlperf() * machine.gpus() / total);
    row.put("flops_per_dphtotal", machine.card().teraflops() * machine.gpus() / total);
    row.set("search", costs(base, disk));
    row.set("instance", costs(base, disk));
  }

  static ObjectNode costs(double gpu, double disk) {
    var costs = JsonNodeFactory.instance.objectNode();
    costs.put("gpuCostPerHour", gpu).put("diskHour", disk).put("totalHour", gpu + disk);
    return costs.put("discountTotalHour", 0.0).put("discountedTotalPerHour", gpu + disk);
  }

  private static double score(Machine machine) {
    return machine.card().dlperf()
        * machine.gpus()
        * machine.parts().reliability()
        / machine.ask().price();
  }

  /// Three groups of three digits: 535.86.05 is 535086005.
  private static long driverNumber(String version) {
    long number = 0;
    for (String part : version.split("\\.", -1)) {
      number = number * 1000 + Long.parseLong(part);
    }
    return number;
  }

  /// What a price was asked for: for a bid, of which the least now is known, or on demand.
  record Quote(boolean bid, double gb, double minBid, long nowMs) {}
}
