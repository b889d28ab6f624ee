package dev.salvor.controller.cli;

import dev.salvor.controller.view.SummaryView;
import dev.salvor.controller.view.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Brings a run's results from where its copies are kept to where its user works.
final class Results {
  private static final String KIND = "results";
  private static final String CHECKPOINT = "checkpoint";
  private static final Path USUAL = Path.of("work_remote");

  private final Wiring.PullCall pull;

  Results(Wiring.PullCall pull) {
    this.pull = pull;
  }

  /// Where they go unless the user says otherwise.
  static Path usual(String name) {
    return USUAL.resolve(name);
  }

  /// The newest that are home; empty where none are.
  Optional<Wiring.Pulled> bring(SummaryView summary, Path to) throws Failure {
    List<SummaryView.HomeView> homes =
        summary.homes().stream().filter(home -> home.kind().equals(KIND)).toList();
    if (homes.isEmpty()) {
      return Optional.empty();
    }
    return pull.bring(homes.getLast().receipt(), summary.run().run(), OptionalLong.empty(), to);
  }

  /// The checkpoint at a step; empty where none is home.
  Optional<Wiring.Pulled> bring(SummaryView summary, long step, Path to) throws Failure {
    Optional<SummaryView.HomeView> home =
        summary.homes().stream()
            .filter(each -> each.kind().equals(CHECKPOINT) && each.step() == step)
            .reduce((_, newer) -> newer);
    return home.isEmpty()
        ? Optional.empty()
        : pull.bring(home.get().receipt(), summary.run().run(), OptionalLong.of(step), to);
  }

  static String words(Wiring.Pulled brought) {
    return "%s%s: %s, %s, every byte verified"
        .formatted(
            here(brought.place()),
            brought.already() ? " has them already" : "",
            Words.count(brought.files(), "file"),
            Words.bytes(brought.bytes()));
  }

  /// As the user would type it.
  static Path here(Path place) {
    Path at = Path.of("").toAbsolutePath();
    return place.startsWith(at) ? at.relativize(place) : place;
  }
}
