package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.box.BoxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// The account's volumes: found room for, made, listed, cloned on their machine, deleted.
public final class Volumes {
  /// Asks for volumes are numbered apart from asks for GPUs.
  private static final long ASK_BASE = 500_000_000;

  private static final int MAX_VOLUMES = 100;
  private static final int DEFAULT_LIMIT = 64;
  private static final double DEFAULT_GB = 15;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
  private static final java.util.Set<String> CONTROLS =
      java.util.Set.of("order", "limit", "allocated_storage", "type");

  private final Market market;
  private final Floor floor;
  private final Books books;

  Volumes(Market market, Floor floor) {
    this.market = market;
    this.floor = floor;
    this.books = floor.books();
  }

  public ObjectNode search(JsonNode query) throws Refusal {
    synchronized (market) {
      double gb = query.path("allocated_storage").asDouble(1);
      var rows = new ArrayList<ObjectNode>();
      for (Machine machine : books.machines.values()) {
        ObjectNode row = offer(machine, gb);
        if (!books.condition(machine.id()).isOffline(market.now())
            && OfferSearch.passes(row, query, CONTROLS)) {
          rows.add(row);
        }
      }
      rows.sort(Comparator.comparingDouble(row -> row.path("storage_cost").asDouble()));
      var answer = Rentals.yes();
      int limit = Math.clamp(query.path("limit").asInt(DEFAULT_LIMIT), 0, rows.size());
      answer.putArray("offers").addAll(rows.subList(0, limit));
      return answer;
    }
  }

  private ObjectNode offer(Machine machine, double gb) {
    var row = JsonNodeFactory.instance.objectNode();
    row.put("id", ASK_BASE + machine.id()).put("ask_contract_id", ASK_BASE + machine.id());
    OfferRow.describe(row, machine);
    row.put("disk_space", free(machine)).put("rentable", true);
    row.put("duration", (double) machine.ask().length().toSeconds());
    double total = machine.ask().storage() * gb / (30 * 24);
    return row.put("dph_total", total).put("storage_total_cost", total);
  }

  public ObjectNode create(JsonNode body) throws Refusal, BoxException {
    synchronized (market) {
      Machine machine = books.machines.get(body.path("id").asLong() - ASK_BASE);
      if (machine == null) {
        throw Refusal.invalid("error 404/3603: no_such_ask for this volume");
      }
      Volume made = make(machine, body.path("size").asDouble(DEFAULT_GB), text(body.path("name")));
      market.settle();
      return answer(made);
    }
  }

  /// Makes one on this machine, for a call or for a creation that asks for a new one.
  Volume make(Machine machine, double gb, String name) throws Refusal, BoxException {
    if (gb <= 0 || gb > free(machine)) {
      throw Refusal.invalid("error 400/3401: the machine has no room for " + gb + " GB");
    }
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      throw Refusal.invalid("error 400/3402: name must be at most 64 of A-Z a-z 0-9 _");
    }
    if (books.volumes.size() >= MAX_VOLUMES) {
      throw Refusal.invalid("error 400/3403: too many volumes");
    }
    long now = market.now();
    var volume =
        new Volume(
            books.newKey(),
            name,
            machine.id(),
            gb,
            machine.ask().storage(),
            now,
            now + machine.ask().length().toMillis());
    floor.host().createVolume(volume.id());
    books.volumes.put(volume.id(), volume);
    floor.note(
        now, "volume", 0, MarketLog.detail().put("volume", volume.id()).put("gb", volume.gb()));
    return volume;
  }

  private static ObjectNode answer(Volume made) {
    return Rentals.yes().put("volume_id", made.id()).put("volume_name", "V." + made.id());
  }

  public ObjectNode list() {
    synchronized (market) {
      var answer = Rentals.yes();
      var rows = answer.putArray("volumes");
      books.volumes.values().forEach(volume -> rows.add(row(volume)));
      return answer;
    }
  }

  private ObjectNode row(Volume volume) {
    var row = JsonNodeFactory.instance.objectNode();
    OfferRow.describe(row, books.machine(volume.machine()));
    List<Long> users = users(volume.id());
    row.put("id", volume.id()).put("label", volume.name().isEmpty() ? null : volume.name());
    row.putNull("cluster_id").put("disk_space", volume.gb());
    row.put("status", users.isEmpty() ? "created" : "in-use");
    row.put("start_date", volume.startMs() / 1000.0).put("end_date", volume.endMs() / 1000.0);
    row.put("duration", (volume.endMs() - market.now()) / 1000.0);
    var instances = row.putArray("instances");
    users.forEach(instances::add);
    return row;
  }

  public ObjectNode delete(long id) throws Refusal, BoxException {
    synchronized (market) {
      volume(id);
      if (!users(id).isEmpty()) {
        throw Refusal.invalid("error 400/3404: instances " + users(id) + " still use this volume");
      }
      floor.host().deleteVolume(id);
      books.volumes.remove(id);
      floor.note(market.now(), "volume_deleted", 0, MarketLog.detail().put("volume", id));
      market.settle();
      return Rentals.yes();
    }
  }

  /// A copy for a machine of its own; here a new, empty one that is told of.
  public ObjectNode clone(JsonNode body) throws Refusal {
    synchronized (market) {
      volume(number(body.path("src_id")));
      throw Refusal.invalid("error 400/3405: copies of volumes are not offered here");
    }
  }

  /// What a creation on this machine says of volumes, made where it asks for a new one.
  List<Volume.Mount> mounts(JsonNode info, List<String> links, Machine machine)
      throws Refusal, BoxException {
    var mounts = new ArrayList<Volume.Mount>();
    for (String link : links) {
      String[] sides = link.split(":", 2);
      mounts.add(mount(number(sides[0]), sides.length > 1 ? sides[1] : "", machine));
    }
    if (!info.isObject()) {
      return mounts;
    }
    String path = text(info.path("mount_path"));
    if (info.path("create_new").asBoolean(false)) {
      Volume made = make(machine, info.path("size").asDouble(DEFAULT_GB), text(info.path("name")));
      mounts.add(mount(made.id(), path, machine));
    } else {
      mounts.add(mount(number(info.path("volume_id").asText()), path, machine));
    }
    return mounts;
  }

  private Volume.Mount mount(long id, String path, Machine machine) throws Refusal {
    if (volume(id).machine() != machine.id()) {
      throw Refusal.invalid(
          "error 400/3406: volume "
              + id
              + " is on machine "
              + volume(id).machine()
              + ", not on machine "
              + machine.id());
    }
    if (!path.startsWith("/") || path.equals("/") || path.contains("..")) {
      throw Refusal.invalid("error 400/3407: mount_path must be absolute");
    }
    return new Volume.Mount(id, path);
  }

  private Volume volume(long id) throws Refusal {
    Volume volume = books.volumes.get(id);
    if (volume == null) {
      throw new Refusal(404, "no_such_volume", "Volume " + id + " not found.");
    }
    return volume;
  }

  private List<Long> users(long volume) {
    return books.instances.values().stream()
        .filter(i -> i.program().mounts().stream().anyMatch(m -> m.volume() == volume))
        .map(Instance::id)
        .toList();
  }

  private double free(Machine machine) {
    double used =
        books.volumes.values().stream()
            .filter(volume -> volume.machine() == machine.id())
            .mapToDouble(Volume::gb)
            .sum();
    return machine.parts().diskGb() - used;
  }

  private static long number(JsonNode id) throws Refusal {
    return number(id.asText());
  }

  private static long number(String id) throws Refusal {
    String digits = id.replaceFirst("^V\\.", "");
    if (!digits.matches("\\d{1,18}")) {
      throw Refusal.invalid("error 400/3408: no volume: " + id);
    }
    return Long.parseLong(digits);
  }

  private static String text(JsonNode json) {
    return json.isTextual() ? json.asText() : "";
  }
}
