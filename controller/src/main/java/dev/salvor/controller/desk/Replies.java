package dev.salvor.controller.desk;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.view.DecisionView;
import dev.salvor.controller.view.EventView;
import dev.salvor.controller.view.MachineView;
import dev.salvor.controller.view.OtherView;
import dev.salvor.controller.view.RunRow;
import java.util.List;

/// What the desk answers, where that is no view by itself. The keys are documented.
public interface Replies {

  record Pong(long pid, String version) {}

  /// Every run, and what other fleets have at the account.
  record Runs(List<RunRow> runs, List<OtherView> others) {
    public Runs {
      runs = List.copyOf(runs);
      others = List.copyOf(others);
    }
  }

  /// Those that failed our runs, as far as that still counts; newest failure first.
  record Machines(List<MachineView> machines) {
    public Machines {
      machines = List.copyOf(machines);
    }
  }

  record Events(RunId run, List<EventView> events) {
    public Events {
      events = List.copyOf(events);
    }
  }

  /// Every decision, and what happened between them.
  record Decisions(RunId run, List<DecisionView> decisions, List<EventView> events) {
    public Decisions {
      decisions = List.copyOf(decisions);
      events = List.copyOf(events);
    }
  }

  /// Which run is carried now.
  ///
  /// @param carriedOn it was there already, unfinished
  record Started(RunId run, boolean carriedOn) {}

  /// Something was asked of the controller and is journaled.
  record Noted(RunId run, String what) {}
}
