package dev.salvor.controller.cli;

import dev.salvor.controller.core.RunSpec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// Somebody who types commands, and what they see.
final class Terminal {
  /// For those who never ask the platform.
  static final Wiring.MarketCall NO_MARKET =
      (session, stateDir) -> {
        throw new Failure(Exit.PLATFORM, "Cannot ask the platform: there is none here.");
      };

  static final Wiring.ReceiptCall NO_RECEIPTS =
      (receipt, key) -> new Wiring.Checked.Refused("There are none here.");

  /// For those who read no file.
  static final Specs NO_SPECS =
      new Specs() {
        @Override
        public Reading read(Path file, Session session) throws Failure {
          throw none();
        }

        @Override
        public List<String> dryRun(RunSpec spec, DryRunOptions options, Session session)
            throws Failure {
          throw none();
        }

        @Override
        public Start start(RunSpec spec, Session session) throws Failure {
          throw none();
        }

        @Override
        public List<Look> check(RunSpec spec, Session session) throws Failure {
          throw none();
        }

        @Override
        public void refuseKey(RunSpec spec, Map<String, String> secrets, Session session) {}

        private Failure none() {
          return new Failure(Exit.INTERNAL, "No spec is read here.");
        }
      };

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Session session;
  private final Wiring wiring;

  Terminal(Path home, boolean terminal, Map<String, String> env, Wiring wiring) {
    this.session =
        new Session(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            env,
            home.toString(),
            ZoneOffset.UTC,
            home.resolve("installation"));
    this.wiring = wiring;
  }

  /// Types a command; what was printed before is gone.
  int type(String... words) {
    out.reset();
    err.reset();
    return Cli.run(List.of(words), session, wiring);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  Session session() {
    return session;
  }
}
