package dev.salvor.controller.cli;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.desk.Bridge;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.StateDir;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// What the command line starts but does not know: given to it by `main`.
public record Wiring(
    ControllerCall controller,
    SandboxCall sandbox,
    RecordsCall records,
    MarketCall market,
    BenchCall bench,
    PullCall pull,
    ReceiptCall receipts,
    Specs specs) {

  /// Opens the user's account at the marketplace; asks nothing yet.
  public interface MarketCall {
    /// With a place for keys and pins.
    Account open(Session session, StateDir stateDir) throws Failure;

    /// For verbs that keep nothing.
    default Account open(Session session) throws Failure {
      return open(session, new StateDir(StateDir.usual(session.env(), session.home())));
    }
  }

  /// Runs a controller until it may end; returns the exit status.
  public interface ControllerCall {
    int run(ControllerOptions options) throws Exception;
  }

  /// Runs the sandbox until it is told to end; returns the exit status.
  public interface SandboxCall {
    int run(SandboxOptions options) throws Exception;
  }

  /// Reads the journal of a state directory that no controller works on; `submit` of what it
  /// returns must refuse with NO_CONTROLLER.
  public interface RecordsCall {
    Bridge read(StateDir dir) throws DeskException;
  }

  /// Brings a run's newest results, or its checkpoint at a step, from where its copies are kept to
  /// a directory of the user's. Empty where there are none. The place is where one of the run's
  /// units is kept.
  public interface PullCall {
    Optional<Pulled> bring(String place, RunId run, OptionalLong step, Path to) throws Failure;
  }

  /// Checks a receipt and the data beside it by a public key.
  public interface ReceiptCall {
    Checked check(Path receipt, Path key) throws Failure;
  }

  /// Whether a receipt holds.
  public sealed interface Checked {
    /// It is signed by the key, and every byte beside it is what it names.
    record Valid(String unit, long step, int files) implements Checked {}

    record Refused(String reason) implements Checked {}
  }

  /// Results that a user has now.
  ///
  /// @param place where they lie; beside the wanted one, where that holds something else
  /// @param written when the newest of them was written, by the box's clock
  /// @param already they were there, byte for byte
  public record Pulled(Path place, int files, long bytes, Instant written, boolean already) {}

  /// Measures; takes minutes.
  public interface BenchCall {
    List<BenchRow> run(BenchOptions options, Consumer<String> told) throws Exception;
  }

  /// What is measured.
  ///
  /// @param what a bench by name, or "all"
  /// @param installation where this checkout is
  /// @param runs how often, for figures that are medians
  /// @param scope how much of it, for benches that are no medians
  public record BenchOptions(String what, Path installation, int runs, BenchScope scope) {}

  /// How much a bench does.
  ///
  /// @param seeds worlds that are simulated, from the seed `from` on
  /// @param faults a file that says what goes wrong in them; "" for the usual
  /// @param agents how many a fleet has
  /// @param rounds how often a box is lost
  /// @param size bytes of what is copied
  public record BenchScope(
      long seeds, long from, String faults, int agents, int rounds, long size) {}

  /// What a controller is started with.
  ///
  /// @param provider where the platform answers
  /// @param apiKeyFile the account's key, in a file that only its owner can read
  /// @param listen where boxes reach it, host:port; port 0 for any
  /// @param sandbox the platform is a sandbox on this machine
  /// @param approach how boxes and the controller come together
  /// @param monitoring who watches it
  public record ControllerOptions(
      StateDir dir,
      URI provider,
      Path apiKeyFile,
      String listen,
      boolean sandbox,
      Approach approach,
      Monitoring monitoring) {}

  /// Who watches a controller.
  ///
  /// @param listen where it answers /healthz and /metrics, host:port on loopback; empty for nowhere
  /// @param webhook where notices are posted; empty for nowhere
  /// @param stays it runs until it is told to end, with or without runs
  public record Monitoring(String listen, String webhook, boolean stays) {
    public static final Monitoring NONE = new Monitoring("", "", false);
  }

  /// How boxes and the controller come together.
  ///
  /// @param tunnel the controller goes to the boxes by ssh; else they dial it
  /// @param address host:port at which boxes dial it; empty for where it listens
  /// @param installation where this checkout is, whose agent boxes are brought
  public record Approach(boolean tunnel, String address, Path installation) {}

  /// What a sandbox is started with.
  ///
  /// @param dir where it keeps its books, its boxes and endpoint.json
  /// @param port 0 for any
  /// @param bundle what boxes are handed: agent.jar and examples/
  /// @param faults a JSON list of what shall go wrong
  /// @param json print the endpoint as JSON
  public record SandboxOptions(
      Path dir,
      int port,
      Path bundle,
      Optional<Path> faults,
      long seed,
      boolean json,
      SandboxManner manner) {}

  /// How a sandbox behaves.
  ///
  /// @param rivalsEvery seconds between two strangers at a machine, on average; 0 for none
  /// @param faults more of what shall go wrong, each a JSON object
  /// @param wipe nothing of it stays
  /// @param bare boxes come without an agent
  /// @param idle it ends when nobody has called for so long; zero for never
  public record SandboxManner(
      boolean rateLimits,
      double rivalsEvery,
      List<String> faults,
      boolean wipe,
      boolean bare,
      Duration idle) {
    public SandboxManner {
      faults = List.copyOf(faults);
    }
  }
}
