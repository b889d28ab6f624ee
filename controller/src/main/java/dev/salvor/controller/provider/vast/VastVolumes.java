package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import dev.salvor.controller.provider.Volumes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Volumes at vast.
record VastVolumes(Calls calls) implements Volumes {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
  private static final Pattern NUMBER = Pattern.compile("V\\.([0-9]{1,18})");
  private static final int LIMIT = 64;

  /// `storage_cost` is by the GB and month, in which the platform counts 30 days.
  private static final double HOURS_A_MONTH = 30 * 24;

  @Override
  public Listed listed() throws ProviderException {
    List<Volume> volumes = new ArrayList<>();
    JsonNode rows = rows();
    for (JsonNode row : rows) {
      Fields.positive(row, "id").ifPresent(id -> volumes.add(volume(id, row)));
    }
    return new Listed(volumes, rows.toString());
  }

  @Override
  public List<Room> search(int gb) throws ProviderException {
    ObjectNode body = Wire.JSON.createObjectNode();
    body.putObject("verified").put("eq", true);
    body.putObject("external").put("eq", false);
    body.putObject("disk_space").put("gte", gb);
    body.putArray("order").addArray().add("storage_cost").add("asc");
    body.put("limit", LIMIT).put("allocated_storage", (double) gb);
    String what = "search room for a volume";
    JsonNode answer =
        calls.ask(Call.post(Endpoint.VOLUME_SEARCH, what, "api/v0/volumes/search/", body));
    if (!answer.path("offers").isArray()) {
      throw calls.nonsense(what, "the answer has no list of offers");
    }
    List<Room> rooms = new ArrayList<>();
    answer.path("offers").forEach(row -> room(row, gb).ifPresent(rooms::add));
    rooms.sort(Comparator.comparing(Room::price).thenComparingLong(Room::offer));
    return List.copyOf(rooms);
  }

  @Override
  public long create(long room, int gb, String name) throws ProviderException {
    String what = "create a volume of %d GB on offer %d".formatted(gb, room);
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      throw calls.failed(
          Kind.REFUSED,
          what,
          "a volume's name has at most 64 letters, digits and _, not \"%s\""
              .formatted(Words.clean(name)),
          "Choose another name.");
    }
    ObjectNode body = Wire.JSON.createObjectNode().put("size", gb).put("id", room);
    if (!name.isEmpty()) {
      body.put("name", name);
    }
    JsonNode answer = calls.ask(Call.put(Endpoint.CREATE_VOLUME, what, "api/v0/volumes/", body));
    Optional<Long> id = Fields.positive(answer, "volume_id");
    var named = NUMBER.matcher(Fields.text(answer, "volume_name"));
    if (id.isEmpty() && !named.matches()) {
      throw calls.nonsense(what, "the answer has no volume's number");
    }
    return id.isPresent() ? id.get() : Long.parseLong(named.group(1));
  }

  @Override
  public void delete(Permit permit, long volume) throws ProviderException {
    String what = "delete volume %d of instance %s".formatted(volume, permit.instance());
    Call call =
        Call.delete(Endpoint.DELETE_VOLUME, what, "api/v0/volumes/", Wire.JSON.createObjectNode())
            .asking(Map.of("id", Long.toString(volume)));
    Optional<Complaint> complaint = Complaint.of(calls.settle(call));
    if (complaint.isPresent() && !complaint.get().code().equals("no_such_volume")) {
      throw calls.failure(call, complaint.get());
    }
  }

  private JsonNode rows() throws ProviderException {
    String what = "list volumes";
    Map<String, String> query = Map.of("owner", "me", "type", "all_volume");
    JsonNode rows =
        calls.ask(Call.get(Endpoint.VOLUMES, what, "api/v0/volumes", query)).path("volumes");
    if (!rows.isArray()) {
      throw calls.nonsense(what, "the answer has no list of volumes");
    }
    return rows;
  }

  private static Volume volume(long id, JsonNode row) {
    String label = Fields.text(row, "label");
    double gb = Fields.dollars(row, "disk_space").orElse(0);
    return new Volume(
        id,
        label.isEmpty() ? "V." + id : label,
        new MachineId(Fields.positive(row, "machine_id").orElse(0L)),
        gb,
        Fields.text(row, "status"),
        row.path("instances").size(),
        UsdPerHour.of(Fields.dollars(row, "storage_cost").orElse(0) * gb / HOURS_A_MONTH));
  }

  private static Optional<Room> room(JsonNode row, int gb) {
    Optional<Long> id = Fields.positive(row, "id");
    OptionalDouble free = Fields.dollars(row, "disk_space");
    if (id.isEmpty() || free.isEmpty() || free.getAsDouble() < gb) {
      return Optional.empty();
    }
    return Optional.of(
        new Room(
            id.get(),
            new MachineId(Fields.positive(row, "machine_id").orElse(0L)),
            free.getAsDouble(),
            price(row, gb),
            Fields.text(row, "geolocation")));
  }

  private static UsdPerHour price(JsonNode row, int gb) {
    return Rentals.storage(row, gb);
  }
}
