package dev.salvor.controller.desk;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RunSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Boxes that no run of ours rented. They are taken into care when their owner asks for it; and
/// destroyed only if somebody types what is lost: nothing is known of what they hold, and nothing
/// of it was copied.
final class Strangers {
  private static final String FLEETS = "salvor:";

  /// No budget of ours: it is to be destroyed whatever it has cost.
  private static final Usd ANY = Usd.of(1_000_000);

  private static final int MAX_NAMES = 1000;

  private final Bridge bridge;

  Strangers(Bridge bridge) {
    this.bridge = bridge;
  }

  Replies.Noted destroy(long instance, Request.Destroy request) throws DeskException {
    Bridge.Stranger stranger =
        bridge
            .stranger(instance)
            .orElseThrow(() ->
                new DeskException(
                    DeskException.Kind.NOT_FOUND,
                    "Neither a run of ours nor the account has instance %d. 'salvor instances' lists those there are."
                        .formatted(instance)));
    String phrase = "lose everything on instance " + instance;
    if (!request.abandon().strip().equals(phrase)) {
      throw new DeskException(DeskException.Kind.REFUSED, refusal(stranger, phrase, request));
    }
    RunId run = name(instance);
    bridge.submit(
        run,
        new Fact.BoxAbandoned(
            bridge.now(), spec(run, stranger), stranger.instance(), stranger.machine(), phrase));
    return new Replies.Noted(
        run,
        "abandoned: instance %d is being destroyed with what it holds; 'salvor ps' shows when it is gone"
            .formatted(instance));
  }

  /// From now on a run looks after it.
  Replies.Noted adopt(Request.Adopt request, Optional<Target> ours) throws DeskException {
    RunSpec spec = request.spec();
    if (ours.isPresent()) {
      throw refused(request, "run %s has it".formatted(ours.get().run().state().spec().run()));
    }
    if (bridge.snapshot(spec.run()).isPresent()) {
      throw refused(
          request, "a run has the name %s already; give another with --job".formatted(spec.run()));
    }
    Bridge.Stranger stranger =
        bridge
            .stranger(request.instance())
            .orElseThrow(() ->
                new DeskException(
                    DeskException.Kind.NOT_FOUND,
                    "Cannot adopt instance %d: the account has none of that number. 'salvor instances' lists those there are."
                        .formatted(request.instance())));
    if (stranger.label().startsWith(FLEETS)) {
      throw refused(
          request, "its label says that another Salvor looks after it: " + stranger.label());
    }
    Map<String, Secret> secrets = new HashMap<>();
    request.secrets().forEach((name, value) -> secrets.put(name, new Secret(value)));
    bridge.keep(spec.run(), secrets);
    bridge.submit(
        spec.run(),
        new Fact.BoxAdopted(bridge.now(), spec, stranger.instance(), stranger.machine()));
    return new Replies.Noted(
        spec.run(),
        "instance %d is looked after from now on; 'salvor status %s' shows when its agent speaks"
            .formatted(request.instance(), spec.run()));
  }

  private static DeskException refused(Request.Adopt request, String why) {
    return new DeskException(
        DeskException.Kind.REFUSED,
        "Cannot adopt instance %d: %s.".formatted(request.instance(), why));
  }

  private static String refusal(Bridge.Stranger stranger, String phrase, Request.Destroy request) {
    String whose =
        stranger.label().startsWith(FLEETS)
            ? " Its label says that another Salvor rented it (%s): let that one end it."
                .formatted(stranger.label())
            : "";
    String why = request.abandon().isEmpty() ? "" : " What was typed does not name what is lost.";
    return "No permit to destroy instance %d: no run of ours rented it, so nothing is known of what it holds, and nothing of it was copied.%s%s To copy its /work first: 'salvor pull %d'. To lose it all: 'salvor destroy %d --abandon \"%s\"'."
        .formatted(
            stranger.instance().value(),
            whose,
            why,
            stranger.instance().value(),
            stranger.instance().value(),
            phrase);
  }

  /// A number that comes again is another box.
  private RunId name(long instance) throws DeskException {
    for (int i = 1; i < MAX_NAMES; i++) {
      RunId name = new RunId("instance-" + instance + (i == 1 ? "" : "-" + i));
      Optional<?> known = bridge.snapshot(name);
      if (known.isEmpty()) {
        return name;
      }
    }
    throw new DeskException(
        DeskException.Kind.REFUSED, "Instance " + instance + " was given up too often already.");
  }

  private static RunSpec spec(RunId run, Bridge.Stranger stranger) {
    return new RunSpec(
        run,
        new RunSpec.Job("instance " + stranger.instance(), "/", Map.of(), List.of(), List.of()),
        new RunSpec.Market("", "", 1, false, stranger.machine().price()),
        new RunSpec.Finish(RunSpec.After.DESTROY, false),
        ANY);
  }
}
