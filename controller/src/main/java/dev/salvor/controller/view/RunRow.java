package dev.salvor.controller.view;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Instant;

/// A run in one line, for lists.
///
/// @param instance the newest rental's number; 0 while there is none
/// @param step -1 while unknown
/// @param frontierStep -1 while none
public record RunRow(
    RunId run,
    Phase phase,
    Instant since,
    long instance,
    String gpu,
    long step,
    long frontierStep,
    Usd spent,
    UsdPerHour burn) {

  public static RunRow of(RunView view) {
    BoxView box = view.boxes().isEmpty() ? RunView.NO_BOX : view.boxes().getLast();
    return new RunRow(
        view.run(),
        view.phase(),
        view.since(),
        box.instance(),
        box.gpu(),
        view.progress().step(),
        view.cargo().frontierStep(),
        view.money().spent(),
        view.money().burn());
  }
}
