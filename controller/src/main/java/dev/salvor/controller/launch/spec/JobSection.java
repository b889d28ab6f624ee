package dev.salvor.controller.launch.spec;

import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.AccountKey;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.launch.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is carried to its end, what it leaves, and how it is looked after.
///
/// @param setup what prepares its box
/// @param secrets what env_file holds
/// @param needs commands that must be on the box, by package
record JobSection(RunSpec.Job job, Setup setup, Map<String, Secret> secrets, List<String> needs) {
  static final String CHECKPOINTS = "/workspace";
  static final String RESULTS = "/work";

  private static final Pattern LISTENS =
      Pattern.compile("SIG(?:USR1|USR2|HUP|TERM)|file:/[^\\x00]+");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  static JobSection of(Page page) {
    SetupSection setup = SetupSection.of(page);
    Steps.Rendered steps = Steps.render(setup.setup());
    Work work = Work.of(page);
    Map<String, Secret> fromFile = envFile(page);
    RunSpec.Care care =
        new RunSpec.Care(
            work.tasks(),
            steps.first(),
            steps.resume(),
            listens(page),
            page.texts("scratch").stream().map(Said::text).toList(),
            secrets(page, fromFile),
            page.get("checkpoint_every").flatMap(Field::time).orElse(Duration.ZERO),
            verify(page),
            TargetsSection.targets(page),
            TargetsSection.retention(page),
            // As tasks of the command line: one that fails leaves the rest their turn.
            !work.tasks().isEmpty(),
            LogSection.of(page));
    RunSpec.Job job =
        new RunSpec.Job(
            work.command(),
            page.get("workdir").flatMap(Field::boxPath).orElse(workdir(page, setup.setup())),
            Map.of(),
            roots(page, "checkpoints", CHECKPOINTS),
            roots(page, "results", RESULTS),
            care);
    return new JobSection(job, setup.setup(), fromFile, setup.needs());
  }

  /// Where the code is, else where checkpoints go.
  private static String workdir(Page page, Setup setup) {
    boolean synced =
        page.get("code").filter(Field::isMapping).isPresent() && setup.code().isEmpty();
    return setup.code().map(Setup.Code::path).orElse(synced ? SetupSection.APP : CHECKPOINTS);
  }

  private static List<String> roots(Page page, String key, String usual) {
    return page.get(key).map(Field::boxPaths).orElse(List.of(usual));
  }

  private static String listens(Page page) {
    Optional<String> said = page.get("listens").flatMap(Field::text);
    if (said.isPresent() && !LISTENS.matcher(said.get()).matches()) {
      page.get("listens")
          .ifPresent(f -> f.wrong("takes SIGUSR1, SIGUSR2, SIGHUP, SIGTERM or file:/PATH"));
    }
    return said.orElse("");
  }

  private static String verify(Page page) {
    Optional<Said> verify = page.get("verify").flatMap(Field::said);
    verify.ifPresent(said -> {
      Advice.onCommand(said, page.findings());
      if (!said.text().contains("{path}")) {
        page.findings()
            .warning(said.line(), "verify does not name {path}, the copy that it is to look at");
      }
    });
    return verify.map(Said::text).orElse("");
  }

  private static List<String> secrets(Page page, Map<String, Secret> fromFile) {
    Set<String> names = new LinkedHashSet<>();
    for (Said said : page.texts("secrets")) {
      if (!NAME.matcher(said.text()).matches()) {
        page.findings()
            .problem(
                said.line(),
                Launch.looksSecret(said.text()) || said.text().contains("=")
                    ? "secrets takes names of variables, never what they hold"
                    : "secrets: \"%s\" is no name of a variable".formatted(said.text()));
      }
      AccountKey.problem(said.text())
          .ifPresent(why -> page.findings().problem(said.line(), "secrets: " + why));
      names.add(said.text());
    }
    names.addAll(fromFile.keySet());
    return List.copyOf(names);
  }

  /// Lines NAME=VALUE; `export`, quotes around the value, comments and blank lines as usual.
  private static Map<String, Secret> envFile(Page page) {
    Map<String, Secret> values = new LinkedHashMap<>();
    Optional<Field> field = page.get("env_file");
    Optional<String> path = field.flatMap(Field::text);
    if (path.isEmpty()) {
      return values;
    }
    List<String> lines = page.linesOf(field.get(), path.get());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip().replaceFirst("^export\\s+", "");
      int equals = line.indexOf('=');
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (equals < 1 || !NAME.matcher(line.substring(0, equals).strip()).matches()) {
        field.get().wrong("%s has no NAME=VALUE in its line %d".formatted(path.get(), i + 1));
        continue;
      }
      String value = unquoted(line.substring(equals + 1).strip());
      if (value.isEmpty()) {
        page.findings()
            .warning(
                field.get().line(),
                "%s gives %s no value: the job will not have it"
                    .formatted(path.get(), line.substring(0, equals)));
      } else {
        values.put(line.substring(0, equals).strip(), new Secret(value));
      }
    }
    values.keySet().stream()
        .flatMap(name -> AccountKey.problem(name).stream())
        .forEach(why -> field.get().wrong("names %s: %s".formatted(path.get(), why)));
    return values;
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /// The one command, or the tasks.
  private record Work(String command, List<String> tasks) {
    static Work of(Page page) {
      List<String> given = Stream.of("job", "tasks", "args").filter(page.keys()::has).toList();
      if (given.size() != 1) {
        page.findings()
            .problem(
                given.isEmpty() ? 1 : page.keys().line(given.get(1)),
                given.isEmpty()
                    ? "nothing to run: give job (one command), tasks (a list, or a file of them) or"
                        + " args"
                    : "%s: one of them".formatted(String.join(" and ", given)));
      }
      if (page.keys().has("runner") && !page.keys().has("tasks")) {
        page.findings().problem(page.keys().line("runner"), "runner goes with tasks");
      }
      if (page.keys().has("tasks")) {
        List<String> tasks = tasks(page);
        return new Work(String.join("; ", tasks), tasks);
      }
      Optional<Said> job = page.get("job").flatMap(Field::said);
      job.ifPresent(said -> Advice.onCommand(said, page.findings()));
      return new Work(job.map(Said::text).orElseGet(() -> args(page)), List.of());
    }

    private static List<String> tasks(Page page) {
      Field field = page.get("tasks").orElseThrow();
      List<Said> said =
          field.isList()
              ? field.texts()
              : field.text().map(path -> page.linesOf(field, path)).orElse(List.of()).stream()
                  .map(line -> new Said(line, field.line()))
                  .toList();
      said.forEach(task -> Advice.onCommand(task, page.findings()));
      String runner = page.text("runner", "").strip();
      List<String> tasks = new ArrayList<>();
      for (Said task : said) {
        String bare = task.text().strip();
        if (!bare.isEmpty() && !bare.startsWith("#")) {
          tasks.add(runner.isEmpty() ? task.text() : runner + " " + bare);
        }
      }
      if (tasks.isEmpty()) {
        field.wrong("has no task in it");
      }
      return tasks;
    }

    /// The words as the runtime would take them, put together again for bash.
    private static String args(Page page) {
      Optional<Field> field = page.get("args");
      if (field.isEmpty()) {
        return "";
      }
      if (field.get().isList()) {
        return Sh.join(field.get().texts().stream().map(Said::text).toList());
      }
      Optional<Said> said = field.get().said();
      said.ifPresent(s -> Advice.onCommand(s, page.findings()));
      Optional<List<String>> words = said.flatMap(s -> Sh.split(s.text()));
      if (said.isPresent() && words.isEmpty()) {
        field.get().wrong("has a quote that is not closed");
      }
      List<String> split = words.orElse(List.of());
      if (split.stream().anyMatch(word -> word.matches("&&|\\|\\|?|;|>>?|<"))) {
        field
            .get()
            .wrong(
                "has shell operators outside quotes, and no shell reads arguments: write bash -c"
                    + " '…'");
      }
      return Sh.join(split);
    }
  }
}
