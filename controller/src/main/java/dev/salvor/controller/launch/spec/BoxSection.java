package dev.salvor.controller.launch.spec;

import dev.salvor.controller.core.QueryWords;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.launch.ArgsBox;
import dev.salvor.controller.launch.BoxWishes;
import dev.salvor.controller.launch.Launch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How the box is started, what it is given, and how it is reached.
final class BoxSection {
  static final List<String> RUNTYPES =
      List.of(
          "ssh_direct", "ssh_proxy", "ssh", "jupyter_direct", "jupyter_proxy", "args", "oneshot");
  static final List<String> REACHES = List.of("direct", "proxy");

  private static final long MOST_ID = 999_999_999_999L;

  private BoxSection() {}

  /// @param needs commands that the job's own steps use, by package
  static RunSpec.Box of(Page page, List<String> needs) {
    boolean proxy =
        page.get("reach").flatMap(f -> f.word(REACHES)).orElse("direct").equals("proxy");
    return new RunSpec.Box(
        runtype(page),
        entrypoint(page),
        env(page),
        ports(page),
        packages(page, needs),
        sync(page),
        proxy,
        volume(page),
        gate(page));
  }

  private static String gate(Page page) {
    Optional<Said> gate = page.get("gate").flatMap(Field::said);
    gate.ifPresent(said -> Advice.onCommand(said, page.findings()));
    return gate.map(Said::text).orElse("");
  }

  private static String runtype(Page page) {
    String said = page.get("runtype").flatMap(f -> f.word(RUNTYPES)).orElse("");
    boolean args = page.keys().has("args");
    if (args && !said.isEmpty() && !isArgs(said)) {
      page.findings()
          .problem(
              page.keys().line("runtype"),
              "args go with runtype args: a box of runtype %s runs the platform's launcher, which takes none"
                  .formatted(said));
    }
    return args || isArgs(said) ? "args" : said;
  }

  static boolean isArgs(String runtype) {
    return runtype.equals("args") || runtype.equals("oneshot");
  }

  private static String entrypoint(Page page) {
    String entrypoint = page.text("entrypoint", "").strip();
    Optional<Field> field = page.get("entrypoint");
    field.ifPresent(f -> ArgsBox.commandLine(entrypoint).ifPresent(f::wrong));
    boolean program = ArgsBox.commandLine(entrypoint).isEmpty();
    if (field.isPresent() && program && !isArgs(runtype(page))) {
      field.get().wrong("goes with args: a box with ssh is started by the platform's launcher");
    }
    return entrypoint;
  }

  private static Map<String, String> env(Page page) {
    Map<String, String> env = new LinkedHashMap<>();
    Optional<Field> field = page.get("env");
    if (field.isEmpty()) {
      return env;
    }
    field
        .get()
        .entries()
        .forEach((name, value) -> {
          env.put(name, value.text());
          Launch.settingProblem(name, value.text())
              .or(() -> BoxWishes.ours(name))
              .ifPresent(why -> page.findings().problem(value.line(), "env: " + why));
        });
    return env;
  }

  private static List<String> ports(Page page) {
    Set<String> ports = new LinkedHashSet<>();
    for (Said port : page.texts("ports")) {
      ports.add(port.text());
      BoxWishes.port(port.text())
          .ifPresent(why -> page.findings().problem(port.line(), "ports: " + why));
    }
    if (ports.size() > BoxWishes.MAX_PORTS) {
      page.get("ports")
          .ifPresent(f ->
              f.wrong(
                  "has %d entries, and the platform opens %d on one box"
                      .formatted(ports.size(), BoxWishes.MAX_PORTS)));
    }
    return List.copyOf(ports);
  }

  private static List<String> packages(Page page, List<String> needs) {
    Set<String> packages = new LinkedHashSet<>();
    for (Said said : page.texts("packages")) {
      packages.add(said.text());
      BoxWishes.packaged(said.text())
          .ifPresent(why -> page.findings().problem(said.line(), "packages: " + why));
      Advice.onPackage(said).ifPresent(why -> page.findings().problem(said.line(), why));
    }
    needs.stream()
        .filter(need -> packages.stream().noneMatch(p -> p.split(":", 2)[0].equals(need)))
        .forEach(packages::add);
    return List.copyOf(packages);
  }

  private static String sync(Page page) {
    Optional<Field> sync =
        page.get("code")
            .filter(Field::isMapping)
            .flatMap(code -> code.block(RunKeys.CODE).get("sync"));
    if (sync.isEmpty()) {
      return "";
    }
    Optional<Path> directory = sync.get().text().map(page::local);
    if (isArgs(runtype(page))) {
      sync.get()
          .wrong("needs ssh, and an args box has none of the platform's: clone the code by git");
    }
    if (directory.isPresent() && !Files.isDirectory(directory.get())) {
      sync.get().wrong("names %s, which is no directory".formatted(directory.get()));
    }
    return directory.map(Path::toString).orElse("");
  }

  /// One: the platform puts no more into a box by its creation.
  private static RunSpec.Volume volume(Page page) {
    Optional<Field> field = page.get("volumes");
    if (field.isEmpty()) {
      return RunSpec.Volume.NONE;
    }
    List<Field> volumes = field.get().items();
    if (volumes.size() > 1) {
      volumes.get(1).wrong("takes one entry for now");
    }
    if (volumes.isEmpty()) {
      return RunSpec.Volume.NONE;
    }
    Block keys = volumes.getFirst().block(RunKeys.VOLUME);
    String query = String.join(" ", page.texts("query").stream().map(Said::text).toList());
    Optional<Long> id = keys.get("id").flatMap(f -> f.whole(1, MOST_ID));
    Optional<String> path = keys.get("path").flatMap(Field::boxPath);
    if (!keys.has("id") || !keys.has("path")) {
      volumes.getFirst().wrong("takes the volume's id and the path that it appears at");
    }
    if (!QueryWords.namesMachine(query)) {
      volumes
          .getFirst()
          .wrong(
              "lies on one machine and works nowhere else: add machine_id=N to the query ('salvor"
                  + " volumes' tells N)");
    }
    return id.isPresent() && path.isPresent()
        ? new RunSpec.Volume(id.get(), path.get())
        : RunSpec.Volume.NONE;
  }
}
