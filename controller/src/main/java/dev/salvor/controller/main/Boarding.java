package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.effect.Papers;
import dev.salvor.controller.provider.Instances;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.tunnel.BoxHome;
import dev.salvor.controller.tunnel.Door;
import dev.salvor.controller.tunnel.RealLogin;
import dev.salvor.controller.tunnel.Ssh;
import dev.salvor.controller.tunnel.TunnelException;
import java.time.Duration;
import java.util.Optional;

/// Puts what starts the agent on a box that somebody rented by hand, starts it, and has it started
/// at each later boot. Harmless to repeat: beside an agent that runs, a second one ends.
record Boarding(Doors doors, Ssh ssh, Instances instances, LaunchPapers papers) {
  private static final Duration LOGIN = Duration.ofSeconds(60);

  Outcome board(RunId run, Effect.Prepare prepare, RunSpec spec) {
    try {
      Optional<Door> door = doors.find(prepare.instance());
      if (door.isEmpty()) {
        return new Outcome.Failed(
            "the platform names no SSH address for instance " + prepare.instance(), true);
      }
      doors.attachOwn(prepare.instance());
      RealLogin.Proof _ = new RealLogin(ssh, prepare.instance().value()).prove(door.get(), LOGIN);
      LaunchPapers.Aboard papers = papers().aboard(run, spec, prepare.rental());
      instances.label(prepare.instance(), papers.label().toString());
      BoxHome home = new BoxHome(ssh);
      home.write(door.get(), BoxHome.Paper.JOIN_TOKEN, papers.token().reveal() + "\n");
      home.write(door.get(), BoxHome.Paper.ONSTART, papers.onstart());
      home.write(door.get(), BoxHome.Paper.START, papers.start());
      home.start(door.get());
      return new Outcome.Done();
    } catch (ProviderException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), e.kind().retryable());
    } catch (TunnelException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), true);
    } catch (Papers.PapersException e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    }
  }
}
