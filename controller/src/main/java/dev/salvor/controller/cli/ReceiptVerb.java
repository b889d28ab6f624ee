package dev.salvor.controller.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `salvor receipt`: what can be done with the signed record of a copy.
@Command(
    name = "receipt",
    description = "Check receipts, the signed records of copies.",
    synopsisSubcommandLabel = "COMMAND")
final class ReceiptVerb implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private ReceiptVerb() {}

  static CommandLine commandLine(Session session, Wiring wiring) {
    CommandLine line = new CommandLine(new ReceiptVerb());
    CommandLine verify = new CommandLine(new Verify(session, wiring));
    verify.addMixin("help", new Help());
    return line.addSubcommand(verify);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do: verify.");
  }

  /// `salvor receipt verify`: needs no controller and no secret, only the public key.
  @Command(
      name = "verify",
      description = {
        "Tell whether receipts are signed by the key, and whether the data beside them is still"
            + " what they name: every byte is read. Exit status 0 when all hold, else 3."
      })
  static final class Verify implements Callable<Integer> {
    private static final String PUBLIC_KEY = "receipt-key.pub.pem";

    @Mixin final Where where = new Where();

    @Parameters(
        arity = "1..*",
        paramLabel = "FILE",
        description = "receipt.json of a copy, or the directory that has it")
    List<Path> files = List.of();

    @Option(
        names = "--key",
        paramLabel = "PUB",
        description = "the controller's public key (default: " + PUBLIC_KEY + " of the state dir)")
    Optional<Path> key = Optional.empty();

    private final Session session;
    private final Wiring wiring;

    Verify(Session session, Wiring wiring) {
      this.session = session;
      this.wiring = wiring;
    }

    /// One FILE as it is printed.
    record Row(String file, boolean valid, String unit, long step, int files, String reason) {}

    @Override
    public Integer call() throws Exception {
      Path by = key.orElseGet(() -> where.dir(session).root().resolve(PUBLIC_KEY));
      if (!Files.isRegularFile(by)) {
        throw new Failure(
            Exit.USAGE,
            "Cannot verify receipts: there is no public key at %s. Name it with --key."
                .formatted(by));
      }
      List<Row> rows = new ArrayList<>();
      for (Path file : files) {
        rows.add(row(file, by));
        if (!where.json()) {
          session.out().println(text(rows.getLast()));
        }
      }
      if (where.json()) {
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        session.out().println(json.writeValueAsString(rows));
      }
      return (rows.stream().allMatch(Row::valid) ? Exit.OK : Exit.REFUSED).code();
    }

    private Row row(Path file, Path by) throws Failure {
      Path receipt = Files.isDirectory(file) ? file.resolve("receipt.json") : file;
      if (!Files.isRegularFile(receipt)) {
        throw new Failure(
            Exit.USAGE, "Cannot verify %s: there is no such receipt.".formatted(receipt));
      }
      return switch (wiring.receipts().check(receipt, by)) {
        case Wiring.Checked.Valid v -> new Row(file + "", true, v.unit(), v.step(), v.files(), "");
        case Wiring.Checked.Refused(String reason) -> new Row(file + "", false, "", -1, 0, reason);
      };
    }

    private static String text(Row row) {
      return row.valid()
          ? "%s: valid. Unit %s at step %d, %d file%s, byte for byte."
              .formatted(
                  row.file(), row.unit(), row.step(), row.files(), row.files() == 1 ? "" : "s")
          : "%s: REFUSED. %s".formatted(row.file(), row.reason());
    }
  }
}
