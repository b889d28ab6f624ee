package dev.salvor.controller.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.TargetPlace;
import dev.salvor.controller.core.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every fact has a stored form, and the stored form stays as it is.
final class FactCodecTest {
  /// One stored fact a line. A line that is there stays: journals hold it.
  private static final String GOLDEN = "/journal/facts.jsonl";

  /// Lines as builds before this one stored them.
  private static final String OLDER = "/journal/facts-older.jsonl";

  private final FactCodec codec = new FactCodec();

  @Test
  void every_fact_effect_and_outcome_survives_being_stored() {
    List<Fact> facts = Specimens.ofFamily(Fact.class);
    assertThat(facts).hasSizeGreaterThan(40);
    for (Fact fact : facts) {
      assertThat(codec.read(codec.write(fact))).isEqualTo(fact);
    }
  }

  @Test
  void the_specimens_hold_every_alternative_there_is() {
    String stored =
        Specimens.ofFamily(Fact.class).stream().map(codec::write).collect(Collectors.joining());
    Set<String> names = new TreeSet<>();
    var tag = java.util.regex.Pattern.compile("\"is\":\"([a-z-]+)\"").matcher(stored);
    while (tag.find()) {
      names.add(tag.group(1));
    }
    long alternatives =
        Stream.of(Fact.class, Effect.class, Outcome.class, AgentOrder.class, Verdict.class)
            .mapToLong(family -> family.getPermittedSubclasses().length)
            .sum();
    // RescuedUnit is part of an outcome, and no family's alternative.
    assertThat((long) names.size()).isEqualTo(alternatives);
  }

  /// When this fails because a fact was added, add its line (target/facts.jsonl has it). When it
  /// fails because a line changed, old journals no longer replay: change the codec, not the line.
  @Test
  void the_stored_form_is_the_one_journals_hold() throws IOException {
    List<String> stored = Specimens.ofFamily(Fact.class).stream().map(codec::write).toList();
    Files.write(Path.of("target/facts.jsonl"), stored);
    assertThat(golden()).isEqualTo(stored);
  }

  @Test
  void every_line_that_was_ever_stored_is_read() throws IOException {
    List<Fact> facts = golden().stream().map(codec::read).toList();
    assertThat(facts).isEqualTo(Specimens.ofFamily(Fact.class));
  }

  @Test
  void what_earlier_builds_stored_means_what_it_meant() throws IOException {
    for (String line : lines(OLDER)) {
      switch (codec.read(line)) {
        case Fact.RunRequested f -> assertMeantAsThen(line, f.spec());
        case Fact.Approved f -> assertThat(f.until()).isEqualTo(Fact.Approved.FOREVER);
        case Fact.TaskDone f -> assertThat(f.exit()).isZero();
        case Fact.JobStarted f -> assertThat(f.start()).isEqualTo(1);
        case Fact.JobEnded f -> assertThat(f.start()).isEqualTo(1);
        case Fact.Settled f -> assertMeantAsThen(f.outcome());
        case Fact.ProviderSaw f -> assertThat(f.sight().ends()).isEmpty();
        case Fact.VerdictReached f -> assertThat(f.evidence()).isEmpty();
        case Fact.Intended(_, _, Effect.Tell(_, _, AgentOrder.ProceedFrom from), _) ->
            assertThat(from.also()).isEmpty();
        case Fact.Intended f ->
            assertThat(((Effect.Create) f.effect()).offer().contract()).isZero();
        case Fact f -> throw new AssertionError("Nobody says what this meant: " + f);
      }
    }
  }

  private static void assertMeantAsThen(String line, RunSpec spec) {
    RunSpec.Care care = spec.job().care();
    if (line.contains("\"care\"")) {
      assertThat(care.tasks()).hasSize(1);
      assertThat(care.verify()).isEmpty();
      assertThat(care.targets())
          .isEqualTo(
              line.contains("/srv/kept")
                  ? List.of(new TargetPlace.Directory("/srv/kept"))
                  : List.of());
      boolean three = line.contains("\"newest\":3");
      assertThat(care.retention()).isEqualTo(three ? new Retention(3, "", 0, 0) : Retention.ALL);
      assertThat(care.goOn()).isFalse();
      assertThat(care.onLog()).isEmpty();
    } else {
      assertThat(care).isEqualTo(RunSpec.Care.NONE);
    }
    assertThat(spec.box()).isEqualTo(RunSpec.Box.USUAL);
    assertThat(spec.deadline()).isEmpty();
    assertThat(spec.market().bidding()).isEqualTo(RunSpec.Bidding.RAISE);
    assertThat(spec.market().bid()).isEqualTo(RunSpec.Bid.USUAL);
    assertThat(spec.market().sizes()).isEqualTo(RunSpec.Sizes.UNKNOWN);
    assertThat(spec.finish())
        .isEqualTo(new RunSpec.Finish(spec.finish().after(), spec.finish().approved()));
  }

  @Test
  void text_that_is_no_fact_is_refused_and_named() {
    assertRefused(
        "{\"is\":\"from-the-future\",\"at\":\"2026-11-21T10:00:00Z\"}", "from-the-future");
    assertRefused("{\"is\":\"approved\",\"at\":\"2026-11-21T10:00:00Z\"}", "by");
    assertRefused("{\"is\":\"approved\",\"at\":null,\"by\":\"me\"}", "at");
    assertRefused("{\"is\":\"approved\",\"at\":\"yesterday\",\"by\":\"me\"}", "yesterday");
    assertRefused(
        "{\"is\":\"approved\",\"at\":\"2026-11-21T10:00:00Z\",\"by\":\"me\",\"to\":1}", "to");
    assertRefused("{\"is\":\"approved\",\"at\":\"2026-11-21T10:00:00Z\",\"by\":\"me\"} x", "x");
    assertRefused("", "");
  }

  private void assertRefused(String text, String why) {
    assertThatThrownBy(() -> codec.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static List<String> golden() throws IOException {
    return lines(GOLDEN);
  }

  private static List<String> lines(String name) throws IOException {
    try (var in = FactCodecTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("No " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static void assertMeantAsThen(Outcome outcome) {
    if (outcome instanceof Outcome.Landed(var receipt)) {
      assertThat(receipt.sentBytes()).isEqualTo(-1);
    } else {
      Outcome.Offers found = (Outcome.Offers) outcome;
      assertThat(found.failed()).isEmpty();
      assertThat(found.offers()).isNotEmpty().allMatch(offer -> offer.contract().isZero());
    }
  }
}
