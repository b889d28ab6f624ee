package dev.salvor.controller.fleet;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.FileTokenStore;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.JoinTokens;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.journal.SqliteJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A state directory as a controller leaves it that has rented many boxes, all of which train.
record Harbourage(Path stateDir, CertificateAuthority authority, String fleet) {
  private static final long FIRST_INSTANCE = 7_001;
  static final RentalRef RENTAL = new RentalRef(1, 1);
  static final UsdPerHour PRICE = UsdPerHour.of(0.3);

  static Harbourage prepare(Path dir, int agents) throws Exception {
    Files.createDirectories(dir);
    String fleet = "bench";
    Files.writeString(dir.resolve("fleet"), fleet);
    InstantSource clock = InstantSource.system();
    var authority = CertificateAuthority.open(dir.resolve("ca"), fleet, clock);
    FileTokenStore store = FileTokenStore.open(dir.resolve("ca").resolve("tokens"));
    JoinTokens tokens = new JoinTokens(store, clock, new SecureRandom(), _ -> {});
    Harbourage ground = new Harbourage(dir, authority, fleet);
    try (SqliteJournal journal = SqliteJournal.open(dir)) {
      for (int i = 0; i < agents; i++) {
        tokens.spend(tokens.mint(ground.identity(i)), Sha256.of(new byte[] {1}), 0);
        journal.append(life(i, clock.instant()));
      }
    }
    return ground;
  }

  static RunId run(int agent) {
    return new RunId("fleet-" + agent);
  }

  static long instance(int agent) {
    return FIRST_INSTANCE + agent;
  }

  String label(int agent) {
    return new Label(fleet, run(agent), RENTAL).toString();
  }

  Identity identity(int agent) {
    return new Identity(fleet, run(agent), RENTAL);
  }

  private static List<Journal.Entry> life(int agent, Instant at) {
    Offer offer =
        new Offer(
            agent + 1L,
            new MachineId(agent + 1L),
            "RTX 4090",
            1,
            PRICE,
            PRICE,
            UsdPerHour.of(0.01),
            0,
            0,
            0.99,
            "here");
    Sight runs =
        new Sight(
            Sight.Status.RUNNING, Sight.Wanted.RUNNING, false, PRICE, UsdPerHour.ZERO, "running");
    Duration patience = Duration.ofMinutes(1);
    List<Fact> facts =
        List.of(
            new Fact.RunRequested(at, spec(run(agent))),
            new Fact.Intended(at, 1, new Effect.Create(RENTAL, offer, PRICE, false), patience),
            new Fact.Settled(at, 1, new Outcome.Created(new InstanceId(instance(agent)))),
            new Fact.ProviderSaw(at, RENTAL, runs),
            new Fact.AgentJoined(at, RENTAL, 1, false, false),
            new Fact.Intended(
                at, 2, new Effect.Tell(RENTAL, 1, new AgentOrder.Proceed()), patience),
            new Fact.Settled(at, 2, new Outcome.Done()),
            new Fact.JobStarted(at, RENTAL, 1));
    List<Journal.Entry> entries = new ArrayList<>();
    facts.forEach(fact -> entries.add(new Journal.Entry(run(agent), fact)));
    return entries;
  }

  private static RunSpec spec(RunId run) {
    return new RunSpec(
        run,
        new RunSpec.Job("train", "/work", Map.of(), List.of("/work"), List.of()),
        new RunSpec.Market("image", "", 10, false, UsdPerHour.of(1)),
        new RunSpec.Finish(RunSpec.After.DESTROY, true),
        Usd.of(100));
  }
}
