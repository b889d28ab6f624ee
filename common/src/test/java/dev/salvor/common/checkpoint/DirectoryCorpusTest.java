package dev.salvor.common.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvor.common.checkpoint.Judgement.State;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.framework.Frameworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Judges real checkpoint directories that nobody here made, where the shared collection of them is
/// present: found as on a box, by the framework's rule and by reading every file.
final class DirectoryCorpusTest {
  private static final Path FIXTURES = Path.of("../../shared/fixtures");
  private static final Set<String> CATEGORIES =
      Set.of(
          "dcp",
          "deepspeed",
          "lightning",
          "megatron",
          "orbax",
          "safetensors-sharded",
          "tf-bundle",
          "training-dir-hf",
          "training-dir-pytorch",
          "training-dir-tf");

  /// What the frameworks' own records in them say, read by hand.
  private static final Map<String, Set<Long>> STEPS =
      Map.of(
          "legacy_serializer_step5", Set.of(5L),
          "latest_points_to_absent_tag", Set.of(5L),
          "epoch2_step300_and_last", Set.of(300L, 400L),
          "iter500", Set.of(500L),
          "t5x_tiny_orbax", Set.of(1L));

  @Test
  void every_collected_directory_gets_its_judgement_and_step() throws IOException {
    Path manifest = FIXTURES.resolve("given/MANIFEST.tsv");
    if (!Files.exists(manifest)) {
      System.out.println("DirectoryCorpusTest: SKIPPED, no " + manifest.toAbsolutePath());
    }
    assumeTrue(Files.exists(manifest), "no shared fixtures here");
    Map<Path, Verdict> units = units(manifest);
    int steps = 0;
    Map<State, Integer> count = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (var unit : units.entrySet()) {
      List<Judgement> judged = judge(unit.getKey());
      State state = worst(judged, unit.getKey());
      count.merge(state, 1, Integer::sum);
      if (state != expected(unit.getValue(), state)) {
        wrong.add(unit + " but " + state + " " + judged);
      }
      String name = unit.getKey().getFileName().toString();
      Set<Long> found = new TreeSet<>();
      judged.forEach(one -> one.step().ifPresent(found::add));
      if (STEPS.containsKey(name)) {
        steps++;
        if (!found.equals(STEPS.get(name))) {
          wrong.add(name + " is of steps " + STEPS.get(name) + ", not " + found);
        }
      }
    }
    System.out.printf(
        "DirectoryCorpusTest: %d directories judged %s, %d with a known step, %d otherwise than"
            + " given%n",
        units.size(), count, steps, wrong.size());
    assertThat(units).isNotEmpty();
    assertThat(steps).isEqualTo(STEPS.size());
    assertThat(wrong).isEmpty();
  }

  /// The directory units of the collection and what each is known to be.
  private static Map<Path, Verdict> units(Path manifest) throws IOException {
    Map<Path, Verdict> units = new TreeMap<>();
    for (String line : Files.readAllLines(manifest)) {
      String[] columns = line.split("\t", -1);
      if (CATEGORIES.contains(columns[1])) {
        Path unit = FIXTURES.resolve("given").resolve(columns[1]).resolve(columns[2]);
        units.put(unit, Verdict.valueOf(columns[12]));
      }
    }
    return units;
  }

  private static List<Judgement> judge(Path unit) throws IOException {
    List<Judgement> judged = new ArrayList<>();
    for (Candidate candidate : Candidates.in(unit.toAbsolutePath().normalize(), true).found()) {
      judged.add(Judgement.of(candidate));
    }
    return judged;
  }

  private static State worst(List<Judgement> judged, Path unit) throws IOException {
    State worst = judged.isEmpty() ? State.NONE : State.COMMITTED;
    for (Judgement one : judged) {
      worst = one.state().compareTo(worst) > 0 ? one.state() : worst;
    }
    boolean dangling = Frameworks.dangling(unit).isPresent();
    return dangling && worst.compareTo(State.INCOMPLETE) < 0 ? State.INCOMPLETE : worst;
  }

  private static State expected(Verdict verdict, State complete) {
    return switch (verdict) {
      case ACCEPT,
          ACCEPT_NO_CRC,
          ACCEPT_FLAG_PROTO,
          ACCEPT_FLAG_IMPORTS,
          ACCEPT_FLAG_NESTED,
          ACCEPT_FLAG_CODE ->
          complete == State.COMMITTED ? State.COMMITTED : State.WHOLE;
      case STRUCTURE_OK_BUT_INCOMPLETE, REJECT_INCOMPLETE -> State.INCOMPLETE;
      case REJECT_CORRUPT -> State.TORN;
      case NOT_A_CHECKPOINT, REJECT_UNSAFE -> State.NONE;
    };
  }
}
