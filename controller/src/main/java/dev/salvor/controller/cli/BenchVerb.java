package dev.salvor.controller.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor bench`: the product's figures on this machine, side by side with what one would pick
/// instead.
@Command(
    name = "bench",
    description =
        "Measure Salvor on this machine beside what you would pick instead; takes minutes.")
final class BenchVerb implements Callable<Integer> {
  /// A median of fewer says little on a machine that does other things too.
  private static final int MIN_RUNS = 5;

  /// Each takes a port of this machine's 28,000.
  private static final int MOST_AGENTS = 20_000;

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,3})([MG])i?B?");

  @Parameters(
      arity = "0..1",
      paramLabel = "WHAT",
      description = "agent, cargo, bytes, detect, fleet, sim, or all (default)")
  String what = "all";

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "how often each figure is measured, 5 or more (default: 5)")
  int runs;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1000",
      description = "sim: worlds to play (default: 1000)")
  long seeds;

  @Option(
      names = "--from",
      paramLabel = "K",
      defaultValue = "1",
      description = "sim: the first seed (default: 1)")
  long from;

  @Option(
      names = "--faults",
      paramLabel = "FILE",
      defaultValue = "",
      description = "sim: what goes wrong in them, a fault a line (default: everything)")
  String faults = "";

  @Option(
      names = "--agents",
      paramLabel = "N",
      defaultValue = "1000",
      description = "fleet: simulated agents on one controller (default: 1000)")
  int agents;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "50",
      description = "detect: how often a box is lost, half a minute each (default: 50)")
  int rounds;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "1GiB",
      description = "cargo: how much is copied, e.g. 256MiB (default: 1GiB)")
  String size = "1GiB";

  @Option(
      names = "--output",
      paramLabel = "text|json",
      defaultValue = "TEXT",
      description = "text for people, json for programs (default: text)")
  Output output = Output.TEXT;

  private final Session session;
  private final Wiring wiring;

  BenchVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    if (runs < MIN_RUNS) {
      throw new Failure(
          Exit.USAGE, "A median is of %d runs or more, not %d.".formatted(MIN_RUNS, runs));
    }
    var options = new Wiring.BenchOptions(what, session.installation(), runs, scope());
    List<BenchRow> rows;
    try {
      rows = wiring.bench().run(options, line -> session.err().println(line));
    } catch (IllegalArgumentException e) {
      throw new Failure(Exit.USAGE, String.valueOf(e.getMessage()), e);
    }
    session.out().println(output == Output.JSON ? json(rows) : text(rows));
    return Exit.OK.code();
  }

  private Wiring.BenchScope scope() throws Failure {
    if (seeds < 1 || agents < 1 || agents > MOST_AGENTS || rounds < 1) {
      throw new Failure(
          Exit.USAGE,
          "--seeds and --rounds are 1 or more, --agents 1 to %d.".formatted(MOST_AGENTS));
    }
    String file = faults.isEmpty() ? "" : Path.of(faults).toAbsolutePath().toString();
    return new Wiring.BenchScope(seeds, from, file, agents, rounds, bytes(size));
  }

  /// Throws what the command line cannot mean.
  static long bytes(String size) throws Failure {
    Matcher matcher = SIZE.matcher(size);
    if (!matcher.matches()) {
      throw new Failure(Exit.USAGE, "Not a size: '%s'. Say 256MiB or 1GiB.".formatted(size));
    }
    return Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("G") ? 30 : 20);
  }

  private static String json(List<BenchRow> rows) throws Exception {
    ObjectMapper json = new ObjectMapper();
    ArrayNode all = json.createArrayNode();
    for (BenchRow row : rows) {
      ObjectNode one = all.addObject();
      one.put("what", row.what()).put("value", row.value()).put("unit", row.unit());
      one.put("runs", row.runs());
      row.peer().ifPresent(peer -> one.put("peer", peer.name()).put("peer_value", peer.value()));
      row.ratio().ifPresent(ratio -> one.put("ratio", ratio));
    }
    return json.writerWithDefaultPrettyPrinter().writeValueAsString(all);
  }

  private static String text(List<BenchRow> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("what", "value", "unit", "runs", "peer", "peer's", "ratio"));
    for (BenchRow row : rows) {
      cells.add(
          List.of(
              row.what(),
              BenchRow.number(row.value()),
              row.unit(),
              Integer.toString(row.runs()),
              row.peer().map(BenchRow.Peer::name).orElse(""),
              row.peer().map(peer -> BenchRow.number(peer.value())).orElse(""),
              row.ratio().map(BenchRow::number).orElse("")));
    }
    int[] widths = new int[cells.getFirst().size()];
    for (List<String> line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return String.join("\n", cells.stream().map(line -> line(line, widths)).toList());
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      text.append(cells.get(i)).repeat(' ', widths[i] - cells.get(i).length() + 2);
    }
    return text.toString().stripTrailing();
  }
}
