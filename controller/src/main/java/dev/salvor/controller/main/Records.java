package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fold;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.desk.Bridge;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.journal.JournalException;
import dev.salvor.controller.journal.SqliteJournal;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.Live;
import dev.salvor.controller.view.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the journal of an ended controller says: everything can be read, nothing asked for.
final class Records implements Bridge {
  private final Map<RunId, RunState> states = new LinkedHashMap<>();
  private final Map<RunId, List<Fact>> history = new LinkedHashMap<>();

  private Records() {}

  static Bridge read(StateDir dir) throws DeskException {
    Records records = new Records();
    try {
      SqliteJournal.read(dir.root(), records::take);
    } catch (JournalException e) {
      throw new DeskException(DeskException.Kind.ENVIRONMENT, String.valueOf(e.getMessage()), e);
    }
    return records;
  }

  private void take(Journal.Numbered entry) {
    RunState state = states.get(entry.run());
    if (state == null) {
      Fold.first(entry.fact()).ifPresent(first -> states.put(entry.run(), first));
    } else {
      states.put(entry.run(), Fold.fold(state, entry.fact()));
    }
    history.computeIfAbsent(entry.run(), _ -> new ArrayList<>()).add(entry.fact());
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public List<RunId> runs() {
    return List.copyOf(states.keySet());
  }

  @Override
  public Optional<Snapshot> snapshot(RunId run) {
    return Optional.ofNullable(states.get(run))
        .map(state -> new Snapshot(state, history.getOrDefault(run, List.of()), Live.NONE));
  }

  @Override
  public void keep(RunId run, Map<String, Secret> secrets) throws DeskException {
    refuse(run);
  }

  @Override
  public boolean wantLog(RunState run, int tail, Duration during) {
    return false;
  }

  @Override
  public Optional<Stranger> stranger(long instance) throws DeskException {
    throw new DeskException(
        DeskException.Kind.NO_CONTROLLER,
        "No controller runs that could ask the platform for instance %d. 'salvor run' starts one."
            .formatted(instance));
  }

  @Override
  public void submit(RunId run, Fact fact) throws DeskException {
    refuse(run);
  }

  @Override
  public DoorView door(long instance, String key) throws DeskException {
    throw new DeskException(
        DeskException.Kind.NO_CONTROLLER,
        "No controller works here that could ask the platform for instance %d."
            .formatted(instance));
  }

  private static void refuse(RunId run) throws DeskException {
    throw new DeskException(
        DeskException.Kind.NO_CONTROLLER,
        "No controller works on run " + run + ": start it again to carry it on.");
  }
}
