package dev.salvor.controller.launch.spec;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.RunSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads a run.yaml: the spec in it, or everything that is wrong with it, each with its line.
public final class RunFile {
  /// What a run may cost where its file does not say.
  static final double BUDGET = 20;

  private static final double MOST_DOLLARS = 1_000_000;
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_NAME = 40;

  /// Our deepest key is four down.
  private static final int MAX_DEPTH = 32;

  private RunFile() {}

  /// The text, and where it was found.
  ///
  /// @param name as its user calls the file
  /// @param directory where paths in it begin
  public record Source(String name, String text, Path directory, Instant now) {}

  /// What was found.
  ///
  /// @param spec empty where there is a problem
  /// @param secrets what env_file holds, by name; the spec names these among its secrets
  public record Reading(
      Optional<RunSpec> spec,
      Map<String, Secret> secrets,
      List<String> problems,
      List<String> warnings) {
    public Reading {
      secrets = Map.copyOf(secrets);
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }
  }

  /// Knows the platform's query language.
  public interface Queries {
    /// What is wrong with a query; empty if nothing is.
    List<String> problems(String query);
  }

  public static Reading read(Source source, Queries queries) {
    Findings findings = new Findings(source.name());
    Optional<Page> page =
        root(source, findings)
            .map(node -> new Page(Block.of(node, RunKeys.TOP, findings), findings, source));
    if (page.isEmpty()) {
      return new Reading(Optional.empty(), Map.of(), findings.problems(), findings.warnings());
    }
    JobSection job = JobSection.of(page.get());
    RunSpec spec = spec(page.get(), job, queries);
    Nesting.check(page.get(), spec, job.setup());
    return new Reading(
        findings.none() ? Optional.of(spec) : Optional.empty(),
        job.secrets(),
        findings.problems(),
        findings.warnings());
  }

  private static RunSpec spec(Page page, JobSection job, Queries queries) {
    RunSpec.Finish finish = FinishSection.finish(page);
    Optional<Instant> deadline = FinishSection.deadline(page);
    return new RunSpec(
        name(page),
        job.job(),
        MarketSection.of(page, queries, deadline),
        BoxSection.of(page, job.needs()),
        finish,
        Usd.of(page.get("budget").flatMap(f -> f.money(MOST_DOLLARS)).orElse(BUDGET)),
        deadline);
  }

  private static Optional<MappingNode> root(Source source, Findings findings) {
    if (source.text().length() > MAX_CHARS) {
      findings.problem(1, "the file is larger than 1 MB");
      return Optional.empty();
    }
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(source.name()).build();
      if (isDeep(settings, source.text())) {
        findings.problem(1, "the file has more levels than %d".formatted(MAX_DEPTH));
        return Optional.empty();
      }
      Optional<Node> node = new Compose(settings).composeString(source.text());
      if (node.isPresent() && node.get() instanceof MappingNode mapping) {
        return Optional.of(mapping);
      }
      findings.problem(1, "the file has no keys: see docs/reference/run.md");
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      findings.problem(line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      findings.problem(1, "not YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  /// Events come one by one; composing them goes down as deep as the file does.
  private static boolean isDeep(LoadSettings settings, String text) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      depth +=
          switch (event.getEventId()) {
            case MappingStart, SequenceStart -> 1;
            case MappingEnd, SequenceEnd -> -1;
            default -> 0;
          };
      if (depth > MAX_DEPTH) {
        return true;
      }
    }
    return false;
  }

  /// As it says, else as the file is called.
  private static RunId name(Page page) {
    String usual =
        page.source()
            .name()
            .replaceFirst(".*/", "")
            .replaceFirst("\\.ya?ml$", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-+|-+$", "");
    String name = page.text("name", usual.substring(0, Math.min(MAX_NAME, usual.length())));
    try {
      return new RunId(name);
    } catch (IllegalArgumentException e) {
      page.findings()
          .problem(
              page.keys().line("name"),
              "name takes lower-case letters, digits, '-' and '_', 40 at most, not \"%s\""
                  .formatted(name));
      return new RunId("unnamed");
    }
  }
}
