package dev.salvor.controller.loop;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RunState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every run as it stands after a turn, with the newest of its history.
public record Runs(Map<RunId, RunState> states, Map<RunId, List<Fact>> history) {
  public Runs {
    states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    history = Collections.unmodifiableMap(new LinkedHashMap<>(history));
  }
}
