package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Sight.Status;
import dev.salvor.controller.core.Sight.Wanted;
import dev.salvor.controller.provider.Row;
import java.util.OptionalDouble;

/// Turns a row of the platform's list into ours.
final class Rentals {
  /// Storage is priced a month; the shorter month is the dearer guess.
  private static final double HOURS_PER_MONTH = 30 * 24.0;

  private Rentals() {}

  /// @param justStarted we asked it to run so lately that its old `exited` may still show
  static Row row(InstanceId id, JsonNode row, boolean justStarted) {
    UsdPerHour storage = storage(row, Fields.dollars(row, "disk_space").orElse(0));
    return new Row(
        id,
        Fields.text(row, "label"),
        new MachineId(Fields.positive(row, "machine_id").orElse(0L)),
        Fields.text(row, "gpu_name"),
        Fields.positive(row, "num_gpus").orElse(0L).intValue(),
        sight(row, storage, justStarted),
        storage);
  }

  /// What the disk costs an hour: the platform's own sum, else from its price a GB and month.
  static UsdPerHour storage(JsonNode row, double diskGb) {
    double perMonth = Fields.dollars(row, "storage_cost").orElse(0) * diskGb;
    return perMonth > 0
        ? UsdPerHour.of(perMonth / HOURS_PER_MONTH)
        : UsdPerHour.of(Fields.dollars(row, "storage_total_cost").orElse(0));
  }

  private static Sight sight(JsonNode row, UsdPerHour storage, boolean justStarted) {
    String actual = Fields.text(row, "actual_status");
    Status status = status(row, justStarted);
    OptionalDouble total = Fields.dollars(row, "dph_total");
    boolean metered =
        status == Status.RUNNING || status == Status.UNKNOWN || actual.equals("frozen");
    return new Sight(
        status,
        wantsToRun(row) ? Wanted.RUNNING : Wanted.STOPPED,
        Fields.flag(row, "is_bid"),
        metered && total.isPresent() ? UsdPerHour.of(total.getAsDouble()) : storage,
        UsdPerHour.of(Fields.dollars(row, "min_bid").orElse(0)),
        words(row),
        Views.instant(row, "end_date"));
  }

  private static Status status(JsonNode row, boolean justStarted) {
    return switch (Fields.text(row, "actual_status")) {
      case "", "created", "loading" -> isHeldBack(row) ? Status.STOPPED : Status.LOADING;
      case "rebooting", "recycling", "restarting" -> Status.LOADING;
      case "running" -> Status.RUNNING;
      case "exited" -> justStarted && wantsToRun(row) ? Status.LOADING : Status.STOPPED;
      case "stopped", "frozen" -> Status.STOPPED;
      case "offline" -> Status.OFFLINE;
      default -> Status.UNKNOWN;
    };
  }

  /// Never came up and is not meant to: a creation that the platform took but parked.
  private static boolean isHeldBack(JsonNode row) {
    return !wantsToRun(row) && Fields.text(row, "cur_state").equals("stopped");
  }

  /// While the platform does not say, it is on its way up.
  private static boolean wantsToRun(JsonNode row) {
    String intended = Fields.text(row, "intended_status");
    return intended.isEmpty() || intended.equals("running");
  }

  private static String words(JsonNode row) {
    String actual = Fields.text(row, "actual_status");
    return Words.clean(
        "%s, meant to be %s, state %s: %s"
            .formatted(
                actual.isEmpty() ? "no status yet" : actual,
                Fields.text(row, "intended_status"),
                Fields.text(row, "cur_state"),
                Fields.text(row, "status_msg")));
  }
}
