package dev.salvor.controller.view;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Instant;
import java.util.List;

/// One run at one moment, as every front end shows it.
///
/// @param since when it was asked for
/// @param boxes rentals that exist or may, oldest first
/// @param clocks what runs out and when, the next first
/// @param events the newest lines of its timeline, oldest first
/// @param why how it ended, in words; empty while it goes on
public record RunView(
    RunId run,
    Phase phase,
    Instant since,
    Instant asOf,
    List<BoxView> boxes,
    ProgressView progress,
    VitalsView vitals,
    CargoView cargo,
    MoneyView money,
    List<ClockView> clocks,
    List<EventView> events,
    List<NoticeView> notices,
    String why) {
  static final BoxView NO_BOX =
      new BoxView(0, "", 0, 0, "", "", UsdPerHour.ZERO, UsdPerHour.ZERO, "", "", "", "");

  public RunView {
    boxes = List.copyOf(boxes);
    clocks = List.copyOf(clocks);
    events = List.copyOf(events);
    notices = List.copyOf(notices);
  }
}
