package dev.salvor.controller.bench;

import dev.salvor.controller.cli.BenchRow;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A measuring program that lives beside the tests, as a process of its own: the simulator and the
/// simulated agents are no part of the product. The launcher builds them with everything else.
record Proving(String program) {
  private static final String ROW = "row";
  private static final int POLL_MS = 100;

  /// Runs it to its end; its rows. What it says on the way is passed on.
  List<BenchRow> run(Lab lab, Duration patience, List<String> arguments)
      throws IOException, InterruptedException {
    Path out = lab.place().resolve("out");
    Path err = lab.place().resolve("err");
    Process process =
        new ProcessBuilder(command(lab, arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      follow(lab, process, err, System.nanoTime() + patience.toNanos());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    List<BenchRow> rows = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      row(line).ifPresentOrElse(rows::add, () -> lab.told().accept(line));
    }
    if (process.exitValue() != 0 || rows.isEmpty()) {
      throw new IOException(
          "%s ended with status %d and measured nothing; what it said is above"
              .formatted(program, process.exitValue()));
    }
    return rows;
  }

  private void follow(Lab lab, Process process, Path err, long end)
      throws IOException, InterruptedException {
    int told = 0;
    boolean ended = false;
    while (!ended) {
      ended = process.waitFor(POLL_MS, TimeUnit.MILLISECONDS);
      List<String> said = Files.exists(err) ? Files.readAllLines(err) : List.of();
      said.subList(Math.min(told, said.size()), said.size()).forEach(lab.told());
      told = said.size();
      if (!ended && System.nanoTime() > end) {
        throw new IOException(program + " takes longer than it may");
      }
    }
  }

  private List<String> command(Lab lab, List<String> arguments) throws IOException {
    Path target = lab.installation().resolve("controller").resolve("target");
    Path classes = target.resolve("test-classes");
    if (!Files.exists(classes.resolve(program.replace('.', '/') + ".class"))) {
      throw new IOException(
          "%s is not built: run 'mvn -q -DskipTests package' in %s."
              .formatted(program, lab.installation()));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                String.join(
                    File.pathSeparator,
                    classes.toString(),
                    target.resolve("controller.jar").toString(),
                    target.resolve("bench-lib").resolve("*").toString()),
                program));
    command.addAll(arguments);
    return command;
  }

  /// "row", the value, its unit, what it is, and of how many measurements where there were more.
  private static Optional<BenchRow> row(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length < 4 || !fields[0].equals(ROW)) {
      return Optional.empty();
    }
    int runs = fields.length > 4 ? Integer.parseInt(fields[4]) : 1;
    return Optional.of(
        new BenchRow(fields[3], Double.parseDouble(fields[1]), fields[2], runs, Optional.empty()));
  }

  /// For a person, where a bench says what it is about to do.
  static String count(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s", number, what);
  }
}
