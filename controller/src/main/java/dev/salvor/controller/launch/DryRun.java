package dev.salvor.controller.launch;

import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a run would do, in words: the clocks that cost money or data first, then every request and
/// command in order. Made without asking anybody.
public final class DryRun {
  private static final String LATER = "said as soon as an offer is chosen, before it is rented";

  private static final double BYTES_A_GB = 1e9;

  private final RunSpec spec;
  private final Facts facts;
  private final List<String> lines = new ArrayList<>();
  private int stage;

  private DryRun(RunSpec spec, Facts facts) {
    this.spec = spec;
    this.facts = facts;
  }

  /// One request to the platform; an empty body is none.
  public record Request(String method, String url, String body) {}

  /// What the surroundings add to the spec.
  ///
  /// @param search what is asked for offers
  /// @param rent keys and creation
  /// @param watch how the rental is looked at
  /// @param door where the way into it is asked for
  /// @param lost what a box that was outbid is asked for
  /// @param end what ends it, or stops it
  /// @param ways commands of this machine that reach the box; empty where the box dials by itself
  /// @param sync the commands that bring the directory; none where it is not brought
  /// @param results where results are brought to; "" where they are given up
  public record Facts(
      List<Request> search,
      List<Request> rent,
      Request watch,
      List<Request> door,
      List<Request> lost,
      List<Request> end,
      List<String> ways,
      List<String> sync,
      String results) {
    public Facts {
      search = List.copyOf(search);
      rent = List.copyOf(rent);
      door = List.copyOf(door);
      sync = List.copyOf(sync);
      lost = List.copyOf(lost);
      end = List.copyOf(end);
      ways = List.copyOf(ways);
    }
  }

  public static List<String> of(RunSpec spec, Facts facts) {
    DryRun run = new DryRun(spec, facts);
    run.clocks();
    run.renting();
    run.reaching();
    run.working();
    run.ending();
    return List.copyOf(run.lines);
  }

  private void clocks() {
    RunSpec.Market market = spec.market();
    say("run %s: nothing is sent, nothing is changed".formatted(spec.run()));
    say("");
    say("danger clocks");
    say(
        "  disk, stopped    %d GB bill on until the box is destroyed; a day of it: %s"
            .formatted(market.diskGb(), LATER));
    say(
        "  bytes            %s are reckoned with; the host's price per GB, in and out: %s"
            .formatted(bytes(), LATER));
    say("  contract end     the host's, when everything on the box goes: " + LATER);
    say(
        "  GPU              %s at most, %s%s"
            .formatted(
                market.cap(),
                market.interruptible()
                    ? "as a bid: outbid means killed without notice"
                    : "on demand",
                fixed(market)));
    say("  budget           %s; near its end everything is brought home".formatted(spec.budget()));
    spec.deadline()
        .ifPresent(
            end -> say("  deadline         %s; then everything is brought home".formatted(end)));
    if (spec.box().volume().id() > 0) {
      say(
          "  volume           %d bills by itself, whatever becomes of the box"
              .formatted(spec.box().volume().id()));
    }
  }

  private String bytes() {
    Use use = Use.of(spec, Use.TIME, 0);
    return String.format(
        Locale.ROOT,
        "%.0f GB onto the box and, in %d h, %.0f GB off it",
        use.down() / BYTES_A_GB,
        use.time().toHours(),
        use.up() / BYTES_A_GB);
  }

  private static String fixed(RunSpec.Market market) {
    boolean fixed = market.interruptible() && market.bidding() == RunSpec.Bidding.FIXED;
    return fixed ? "; the bid is not raised" : "";
  }

  private void renting() {
    stage("search offers: the cheapest that fits, checked again here");
    requests(facts.search());
    stage("create the instance; never repeated, its label tells what became of it");
    requests(facts.rent());
    stage("wait for it to run: one list for all instances, every 5 s");
    request(facts.watch());
  }

  private void reaching() {
    stage("reach it");
    if (facts.ways().isEmpty()) {
      say("  nothing: the agent on the box dials this controller by itself, mTLS inside");
    }
    if (!facts.ways().isEmpty() || !facts.sync().isEmpty()) {
      requests(facts.door());
    }
    facts.ways().forEach(way -> command(way, "here"));
    if (!facts.sync().isEmpty()) {
      stage(
          "bring %s to /app, after a login with 1 MiB there and back".formatted(spec.box().sync()));
      facts.sync().forEach(command -> command(command, "here"));
    }
  }

  private void working() {
    RunSpec.Job job = spec.job();
    stage("run on the box, by bash, in " + job.workdir());
    if (!spec.box().packages().isEmpty()) {
      say(
          "  onstart, once a disk: apt-get install what is missing of "
              + String.join(" ", spec.box().packages()));
    }
    job.care().envFirst().forEach(step -> command(step, "once a disk"));
    job.care().envResume().forEach(step -> command(step, "on each later boot"));
    if (job.care().tasks().isEmpty()) {
      command(job.command(), "the job");
    }
    job.care().tasks().forEach(task -> command(task, "task"));
    if (!job.care().secrets().isEmpty()) {
      say("  secrets, by the agent's link: " + String.join(" ", job.care().secrets()));
    }
  }

  private void ending() {
    RunSpec.Care care = spec.job().care();
    stage("bring home, by the agent's link, and prove");
    say("  checkpoints      " + String.join(" ", spec.job().checkpointRoots()));
    if (facts.results().isEmpty() && spec.finish().leaveResults()) {
      say(
          "  results          given up: what is in %s goes with the box"
              .formatted(String.join(" ", spec.job().resultRoots())));
    } else {
      say("  results          " + String.join(" ", spec.job().resultRoots()));
    }
    care.targets().forEach(target -> say("  kept in          " + target));
    if (!care.retention().all()) {
      say("  kept of those    " + care.retention().words());
    }
    if (care.retention().onBox() > 0) {
      say("  on a short disk  " + care.retention().boxWords());
    }
    if (!care.verify().isEmpty()) {
      command(care.verify(), "here, on each copy");
    }
    if (!facts.results().isEmpty()) {
      say("  newest results   then also in " + facts.results());
    }
    if (!facts.lost().isEmpty()) {
      stage("if it is lost on the way: fetch what its paused disk holds, then the cheapest of");
      say(
          "   waiting, a higher bid (never over the cap) and another box, from the newest proven"
              + " copy");
      requests(facts.lost());
    }
    stage(last());
    requests(facts.end());
  }

  private String last() {
    String asked =
        spec.finish().approved() ? "" : ", once somebody says yes: salvor approve " + spec.run();
    return switch (spec.finish().after()) {
      case DESTROY -> "destroy the box, by a permit" + asked;
      case STOP -> "stop the box; its disk goes on billing";
      case KEEP -> "leave the box running; it goes on billing";
    };
  }

  private void stage(String what) {
    say("");
    say("%d  %s".formatted(++stage, what));
  }

  private void requests(List<Request> requests) {
    requests.forEach(this::request);
  }

  private void request(Request request) {
    say(String.format(Locale.ROOT, "  %-6s %s", request.method(), request.url()));
    if (!request.body().isEmpty()) {
      say("         " + request.body());
    }
  }

  private void command(String text, String where) {
    List<String> all = text.strip().lines().toList();
    say("  [%s] %s".formatted(where, all.isEmpty() ? "" : all.getFirst()));
    all.stream().skip(1).forEach(line -> say("      " + line));
  }

  private void say(String line) {
    lines.add(line);
  }
}
