package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A rented instance as a row of the list, with every field the platform's rows have.
final class InstanceRow {
  private static final double BYTES_A_GB = 1e9;

  private InstanceRow() {}

  /// What the row needs to know beside the instance: its machine, and what is measured now.
  record Surroundings(Lot lot, Condition condition, Money money, long diskBytes, long nowMs) {
    Machine machine() {
      return lot.part();
    }

    /// The account's credit, the least bid that would run the instance now, and whether its ports
    /// are kept back.
    record Money(double credit, double minBid, boolean hidesPorts) {}

    boolean hidesPorts() {
      return money.hidesPorts();
    }
  }

  static ObjectNode of(Instance instance, Surroundings around) {
    var row = JsonNodeFactory.instance.objectNode();
    row.put("id", instance.id()).put("label", instance.label().isEmpty() ? null : instance.label());
    OfferRow.describe(row, around.lot());
    state(row, instance, around);
    image(row, instance);
    network(row, instance, around.hidesPorts() || around.machine().line().ports() == 0);
    usage(row, instance, around);
    money(row, instance, around);
    row.put("bundle_id", around.machine().id() * 31).put("rentable", true).putNull("cluster_id");
    row.put("gpu_totalram", around.machine().card().ramMb() * around.machine().gpus());
    var volumes = row.putArray("volume_info");
    instance
        .program()
        .mounts()
        .forEach(m -> volumes.addObject().put("id", m.volume()).put("mount_path", m.path()));
    return row;
  }

  private static void state(ObjectNode row, Instance instance, Surroundings around) {
    long nowMs = around.nowMs();
    Instance.Life life = instance.life();
    boolean up = life.stage() == Stage.RUNNING;
    boolean silent = up && around.condition().isSilent(nowMs);
    row.put("actual_status", silent ? "unknown" : life.stage().word().orElse(null));
    row.put("intended_status", life.wanted() ? "running" : "stopped");
    row.put("cur_state", life.stage().holdsGpus() ? "running" : "stopped");
    row.put("next_state", life.wanted() ? "running" : "stopped");
    row.put("status_msg", life.message().isEmpty() ? null : life.message());
    row.put("start_date", instance.terms().startMs() / 1000.0);
    row.put("end_date", instance.terms().endMs() / 1000.0);
    row.put("duration", (nowMs - instance.terms().startMs()) / 1000.0);
    if (up) {
      row.put("uptime_mins", (nowMs - life.sinceMs()) / 60_000.0);
    } else {
      row.putNull("uptime_mins");
    }
    String left = remaining(instance.terms().endMs() - nowMs);
    row.put("time_remaining", left).put("time_remaining_isbid", instance.terms().bid() ? left : "");
  }

  private static void image(ObjectNode row, Instance instance) {
    Instance.Program program = instance.program();
    row.put("image_uuid", program.image()).put("image_runtype", program.runtype());
    row.put("onstart", program.onstart()).putNull("template_id").putNull("template_hash_id");
    row.putNull("template_name").put("jupyter_token", "");
    var args = row.putArray("image_args");
    program.args().forEach(args::add);
    var env = row.putArray("extra_env");
    program.env().forEach((name, value) -> env.addArray().add(name).add(value));
  }

  private static void network(ObjectNode row, Instance instance, boolean hidesPorts) {
    int port = instance.life().sshPort();
    boolean jupyter = instance.program().runtype().contains("jupyter");
    row.put("ssh_host", "127.0.0.1").put("ssh_port", jupyter ? port - 1 : port);
    row.put("ssh_idx", "1").put("machine_dir_ssh_port", port);
    row.put("local_ipaddrs", "127.0.0.1 ");
    row.put("direct_port_start", -1).put("direct_port_end", -1);
    if (instance.life().stage() == Stage.RUNNING && !hidesPorts) {
      var ports = row.putObject("ports");
      if (port > 0 && instance.program().runtype().contains("ssh")) {
        ports
            .putArray("22/tcp")
            .addObject()
            .put("HostIp", "0.0.0.0")
            .put("HostPort", Integer.toString(port));
      }
      Ports.of(instance.program().env())
          .forEach((name, number) ->
              ports
                  .putArray(name)
                  .addObject()
                  .put("HostIp", "0.0.0.0")
                  .put("HostPort", Integer.toString(number)));
    }
  }

  private static void usage(ObjectNode row, Instance instance, Surroundings around) {
    boolean up = instance.life().stage() == Stage.RUNNING;
    if (up) {
      row.put("gpu_util", 0.0).put("gpu_temp", 40.0).put("cpu_util", 1.0);
    } else {
      row.putNull("gpu_util").putNull("gpu_temp").putNull("cpu_util");
    }
    row.putNull("mem_usage").putNull("vmem_usage");
    row.put("mem_limit", around.machine().parts().ramMb() / 1024.0);
    double used = around.diskBytes() / BYTES_A_GB;
    row.put("disk_space", instance.terms().diskGb()).put("disk_usage", used);
    row.put("disk_util", around.diskBytes() < 0 ? -1 : used / instance.terms().diskGb());
  }

  private static void money(ObjectNode row, Instance instance, Surroundings around) {
    Instance.Terms terms = instance.terms();
    double disk = terms.storagePerHour();
    double total = terms.price() + disk;
    Machine machine = around.machine();
    row.put("is_bid", terms.bid()).put("dph_base", terms.price()).put("dph_total", total);
    row.put("min_bid", around.money().minBid());
    row.put("storage_cost", terms.storageCost()).put("storage_total_cost", disk);
    row.put("vram_costperhour", terms.price() / (machine.card().ramMb() * machine.gpus()));
    row.put("dlperf_per_dphtotal", machine.card().dlperf() * machine.gpus() / total);
    row.put("flops_per_dphtotal", machine.card().teraflops() * machine.gpus() / total);
    row.put("credit_balance", around.money().credit()).put("credit_discount", 0.0);
    row.put("client_run_time", 1.0).put("host_run_time", 2_592_000.0);
    row.set("search", OfferRow.costs(terms.price(), disk));
    row.set("instance", OfferRow.costs(terms.price(), disk));
  }

  /// As the platform writes it: "12 Mon 24 D 16 Hr".
  private static String remaining(long ms) {
    long hours = Math.max(0, ms / 3_600_000);
    return hours / 720 + " Mon " + hours % 720 / 24 + " D " + hours % 24 + " Hr";
  }
}
