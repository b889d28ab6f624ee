package dev.salvor.controller.main;

import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.cli.Exit;
import dev.salvor.controller.cli.Failure;
import dev.salvor.controller.cli.Session;
import dev.salvor.controller.cli.Specs;
import dev.salvor.controller.core.AccountKey;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.launch.DryRun;
import dev.salvor.controller.launch.Launch;
import dev.salvor.controller.launch.LaunchException;
import dev.salvor.controller.launch.LaunchFacts;
import dev.salvor.controller.launch.Rendered;
import dev.salvor.controller.launch.StartCheck;
import dev.salvor.controller.launch.spec.RunFile;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.vast.VastKey;
import dev.salvor.controller.provider.vast.VastRequests;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Reads specs and shows what would come of them, by the code that would do it; asks nobody.
record SpecDesk(InstantSource clock) implements Specs {
  private static final long MAX_BYTES = 1 << 20;
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1", "[::1]");

  /// Stands for the token until there is one: it looks like nothing that occurs otherwise.
  private static final Secret NO_TOKEN = new Secret("\u0000join-token\u0000");

  private static final Sha256 NO_PIN = Sha256.of(new byte[0]);

  /// What is printed in the place of what is made when the run begins.
  private static final Map<String, String> UNMADE =
      Map.of(
          "SALVOR_JOIN_TOKEN",
          "***",
          "SALVOR_CA_PIN",
          "<SHA-256 of the controller's CA key>",
          "SALVOR_ENDPOINTS",
          "<where the controller listens>");

  @Override
  public Reading read(Path file, Session session) throws Failure {
    String text = text(file);
    Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    RunFile.Reading found =
        RunFile.read(
            new RunFile.Source(file.toString(), text, directory, clock.instant()),
            VastRequests::problems);
    Map<String, String> secrets = new HashMap<>();
    found.secrets().forEach((name, secret) -> secrets.put(name, secret.reveal()));
    return new Reading(found.spec(), secrets, found.problems(), found.warnings());
  }

  private static String text(Path file) throws Failure {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new Failure(
            Exit.USAGE, "Cannot read %s: it is larger than 1 MB. Name a run.yaml.".formatted(file));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new Failure(Exit.USAGE, "Cannot read %s: %s. Correct the path.".formatted(file, e), e);
    }
  }

  @Override
  public List<String> dryRun(RunSpec spec, DryRunOptions options, Session session) throws Failure {
    Sketch sketch = sketch(spec, session);
    List<VastRequests.Request> rent = new ArrayList<>(VastRequests.keys());
    rent.add(
        VastRequests.create(
            sketch.request(),
            "<the onstart text, %d characters: 'salvor onstart render' prints it>"
                .formatted(sketch.rendered().onstart().length())));
    List<VastRequests.Request> end =
        switch (spec.finish().after()) {
          case DESTROY -> List.of(VastRequests.destroy(), VastRequests.list());
          case STOP -> List.of(VastRequests.stop(), VastRequests.list());
          case KEEP -> List.of();
        };
    boolean args = spec.box().runtype().equals("args");
    return DryRun.of(
        spec,
        new DryRun.Facts(
            to(sketch.url(), VastRequests.search(spec.market())),
            to(sketch.url(), rent),
            to(sketch.url(), List.of(VastRequests.list())).getFirst(),
            to(sketch.url(), VastRequests.door()),
            to(sketch.url(), VastRequests.outbid(spec.market(), roots(spec))),
            to(sketch.url(), end),
            sketch.near() || args ? List.of() : Ways.tunnel(),
            sync(spec, session),
            options.results()));
  }

  private static List<String> sync(RunSpec spec, Session session) throws Failure {
    String directory = spec.box().sync();
    if (directory.isEmpty()) {
      return List.of();
    }
    try {
      Path state = StateDir.usual(session.env(), session.home());
      return Ways.sync(SyncLoad.of(Path.of(directory), state));
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot bring %s to a box: %s. Make it readable, or leave it out."
              .formatted(directory, e),
          e);
    }
  }

  private static List<String> roots(RunSpec spec) {
    return Stream.concat(spec.job().checkpointRoots().stream(), spec.job().resultRoots().stream())
        .distinct()
        .toList();
  }

  private static List<DryRun.Request> to(String url, List<VastRequests.Request> requests) {
    return requests.stream()
        .map(r -> new DryRun.Request(r.method(), url + "/" + r.path(), r.body()))
        .toList();
  }

  @Override
  public Start start(RunSpec spec, Session session) throws Failure {
    Sketch sketch = sketch(spec, session);
    RunSpec.Care care = spec.job().care();
    List<Step> steps = new ArrayList<>();
    care.envFirst().forEach(step -> steps.add(new Step("once a disk", step)));
    care.envResume().forEach(step -> steps.add(new Step("on each later boot", step)));
    care.tasks().forEach(task -> steps.add(new Step("task", task)));
    if (care.tasks().isEmpty()) {
      steps.add(new Step("job", spec.job().command()));
    }
    boolean args = sketch.request().onstart().isEmpty();
    return new Start(
        sketch.rendered().onstart(),
        args
            ? "handed to the image's entrypoint as its arguments: bash -c <this text>"
            : "saved by the platform as /root/onstart.sh and run on every start of the box",
        new TreeMap<>(sketch.request().env()),
        steps);
  }

  @Override
  public List<Look> check(RunSpec spec, Session session) throws Failure {
    Sketch sketch = sketch(spec, session);
    List<Look> looks = new ArrayList<>();
    int length = sketch.rendered().onstart().length();
    looks.add(
        new Look(
            "length",
            length <= Launch.MAX_ONSTART_CHARS,
            false,
            List.of(
                "%d characters of the %d that the platform takes"
                    .formatted(length, Launch.MAX_ONSTART_CHARS))));
    List<String> refused = VastRequests.problems(sketch.request());
    looks.add(
        new Look(
            "request",
            refused.isEmpty(),
            false,
            refused.isEmpty() ? List.of("the platform's limits are kept") : refused));
    looks.add(
        new Look(
            "secrets",
            true,
            false,
            List.of(
                "none in the text or the environment but the single-use join token; by the link: "
                    + (spec.job().care().secrets().isEmpty()
                        ? "none"
                        : String.join(" ", spec.job().care().secrets())))));
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("onstart", sketch.rendered().onstart());
    List<Step> steps = start(spec, session).steps();
    for (int i = 0; i < steps.size(); i++) {
      texts.put("step %d (%s)".formatted(i + 1, steps.get(i).when()), steps.get(i).command());
    }
    for (StartCheck.Look look : StartCheck.shell(texts)) {
      looks.add(
          new Look(
              look.what(),
              look.good(),
              look.absent(),
              look.words().isEmpty() ? List.of("nothing to complain of") : look.words()));
    }
    return looks;
  }

  /// What would be sent, with what is not made yet left open.
  private record Sketch(
      String url, boolean near, Rendered rendered, Provider.CreateRequest request) {}

  private static Sketch sketch(RunSpec spec, Session session) throws Failure {
    String url = VastKey.url(session.env());
    boolean near = LOOPBACK.contains(String.valueOf(URI.create(url).getHost()));
    List<String> endpoints = near ? List.of("127.0.0.1:0") : List.of();
    RentalRef first = new RentalRef(1, 1);
    try {
      LaunchFacts facts =
          new LaunchFacts(
              spec.run(),
              first.generation(),
              endpoints,
              NO_PIN,
              NO_TOKEN,
              Map.of("SALVOR_PLATFORM", url),
              spec.box(),
              hidden(session));
      Rendered rendered = new Launch().render(facts);
      Started started = Started.of(spec.box(), rendered, endpoints, url);
      Map<String, String> env = new HashMap<>(started.env());
      UNMADE.forEach((name, shown) -> env.computeIfPresent(name, (_, _) -> shown));
      Provider.CreateRequest request =
          new Started(started.shape(), started.onstart(), env)
              .request(
                  spec,
                  new Label("fleet", spec.run(), first),
                  0,
                  spec.market().cap(),
                  spec.market().interruptible())
              .with(Started.extras(spec, started.shape(), session.env()));
      return new Sketch(url, near, rendered, request);
    } catch (LaunchException | IllegalArgumentException e) {
      throw new Failure(Exit.REFUSED, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void refuseKey(RunSpec spec, Map<String, String> secrets, Session session) throws Failure {
    for (Secret key : hidden(session)) {
      Optional<String> where =
          AccountKey.isIn(key, spec.toString())
              ? Optional.of("what it asks for")
              : secrets.entrySet().stream()
                  .filter(secret -> AccountKey.isIn(key, secret.getValue()))
                  .map(secret -> "the secret " + secret.getKey())
                  .min(Comparator.naturalOrder());
      if (where.isPresent()) {
        throw new Failure(
            Exit.USAGE,
            "Cannot run %s: %s holds the account's own key at the platform, which no box is given. Leave it out; a box stops itself by a key of its own."
                .formatted(spec.run(), where.get()));
      }
    }
  }

  /// The account's key, where there is one, must be nowhere in what would be sent.
  private static List<Secret> hidden(Session session) {
    return VastKey.find(session.env(), session.home()).map(VastKey::key).stream().toList();
  }
}
