package dev.salvor.agent.main;

import dev.salvor.agent.carry.Carry;
import dev.salvor.agent.carry.ReadFiles;
import dev.salvor.agent.probe.gate.CudaCheck;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Starts the agent in one of its shapes.
public final class Main {
  /// The supervisor does not start the agent again after this.
  private static final int EXIT_TERMINAL = 78;

  private static final int EXIT_FAILED = 1;

  private Main() {}

  public static void main(String[] args) throws Exception {
    List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    switch (args.length == 0 ? "" : args[0]) {
      case "watch" -> Runtime.getRuntime().halt(watch(rest));
      case "carry" -> Carry.main(rest.toArray(new String[0]));
      case "cuda" -> Runtime.getRuntime().halt(CudaCheck.run(System.out));
      case "read" -> ReadFiles.main(rest.toArray(new String[0]));
      case "selftest" -> {
        LogLine.install();
        Runtime.getRuntime().halt(rest.isEmpty() ? SelfTest.run() : SelfTest.controller());
      }
      default -> {
        System.err.println(
            "Usage: java -jar agent.jar (watch | carry) --home DIR ..."
                + " | read (digests | formats) | cuda | selftest");
        System.exit(EXIT_TERMINAL);
      }
    }
  }

  private static int watch(List<String> arguments) throws InterruptedException {
    LogLine.install();
    var log = LoggerFactory.getLogger(Main.class);
    Options options;
    try {
      options = Options.read(arguments, System.getenv());
    } catch (IllegalArgumentException e) {
      log.atError().log(e.getMessage());
      return EXIT_TERMINAL;
    }
    try {
      return Watch.run(options);
    } catch (IOException e) {
      log.atError()
          .addKeyValue("why", e)
          .log("the agent cannot go on, its supervisor starts it again");
      return EXIT_FAILED;
    }
  }
}
