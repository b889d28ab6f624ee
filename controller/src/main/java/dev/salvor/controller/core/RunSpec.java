package dev.salvor.controller.core;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the user asked for.
///
/// @param deadline when everything is brought home and the run ended, done or not
public record RunSpec(
    RunId run,
    Job job,
    Market market,
    Box box,
    Finish finish,
    Usd budget,
    Optional<Instant> deadline) {

  /// On a box as usual, with time enough.
  public RunSpec(RunId run, Job job, Market market, Finish finish, Usd budget) {
    this(run, job, market, Box.USUAL, finish, budget, Optional.empty());
  }

  /// The same, under another name.
  public RunSpec named(RunId name) {
    return new RunSpec(name, job, market, box, finish, budget, deadline);
  }

  /// Another query in the place of its own: what its deadline and its volume ask for stays.
  public String asking(String query) {
    return QueryWords.instead(query, market.query(), deadline.isPresent(), box.volume().id() > 0);
  }

  public RunSpec with(Job next) {
    return new RunSpec(run, next, market, box, finish, budget, deadline);
  }

  public RunSpec with(Market next) {
    return new RunSpec(run, job, next, box, finish, budget, deadline);
  }

  public RunSpec with(Box next) {
    return new RunSpec(run, job, market, next, finish, budget, deadline);
  }

  public RunSpec with(Usd next) {
    return new RunSpec(run, job, market, box, finish, next, deadline);
  }

  public RunSpec with(Finish next) {
    return new RunSpec(run, job, market, box, next, budget, deadline);
  }

  /// The command to carry to its end, and where it leaves what matters (absolute paths on the box).
  public record Job(
      String command,
      String workdir,
      Map<String, String> env,
      List<String> checkpointRoots,
      List<String> resultRoots,
      Care care) {
    public Job {
      env = Map.copyOf(env);
      checkpointRoots = List.copyOf(checkpointRoots);
      resultRoots = List.copyOf(resultRoots);
    }

    /// With a setting more, where its user has not set it himself.
    public Job with(String name, String value) {
      Map<String, String> next = new HashMap<>(env);
      next.putIfAbsent(name, value);
      return new Job(command, workdir, next, checkpointRoots, resultRoots, care);
    }

    /// No job of ours: what somebody else runs there is looked after.
    public static Job lookingAfter(List<String> checkpointRoots, List<String> resultRoots) {
      return new Job(LOOKING_AFTER, "/", Map.of(), checkpointRoots, resultRoots);
    }

    /// What writes there is not ours to stop.
    public boolean looksAfter() {
      return command.equals(LOOKING_AFTER);
    }

    /// Just a command.
    public Job(
        String command,
        String workdir,
        Map<String, String> env,
        List<String> checkpointRoots,
        List<String> resultRoots) {
      this(command, workdir, env, checkpointRoots, resultRoots, Care.NONE);
    }
  }

  /// What runs in place of a job on a box that is only looked after; the line that it prints is its
  /// sign of life.
  private static final String LOOKING_AFTER =
      "while sleep 60; do echo \"looked after for $((SECONDS / 60)) minutes\"; done";

  /// How the job is looked after, beside running its command.
  ///
  /// @param tasks run in order instead of the command; each that ended well is not run again
  /// @param envFirst run before the job, once a disk
  /// @param envResume run before the job, on each later boot of a disk
  /// @param listens how it is asked for a checkpoint: "", "SIGUSR1", "file:/absolute/path"
  /// @param scratch globs below the job's roots that may go when the disk is short
  /// @param secrets names of the user's secrets; what they are is kept elsewhere
  /// @param checkpointEvery how often a checkpoint is worth its while; zero where nobody said
  /// @param verify the user's own command that must accept a copy before it counts; "" for none
  /// @param targets where copies are kept; none for the controller's own directory
  /// @param retention which of them stay there
  /// @param goOn a task that fails is told of, and the rest go on
  /// @param onLog what lines of its log mean
  public record Care(
      List<String> tasks,
      List<String> envFirst,
      List<String> envResume,
      String listens,
      List<String> scratch,
      List<String> secrets,
      Duration checkpointEvery,
      String verify,
      List<TargetPlace> targets,
      Retention retention,
      boolean goOn,
      List<LogPolicy> onLog) {
    public static final Care NONE = usual(List.of(), "", List.of(), "");

    public Care {
      tasks = List.copyOf(tasks);
      envFirst = List.copyOf(envFirst);
      envResume = List.copyOf(envResume);
      scratch = List.copyOf(scratch);
      secrets = List.copyOf(secrets);
      targets = List.copyOf(targets);
      onLog = List.copyOf(onLog);
    }

    /// Nothing prepares it, and all copies stay in the controller's own directory.
    public static Care usual(
        List<String> tasks, String listens, List<String> secrets, String verify) {
      return new Care(
          tasks,
          List.of(),
          List.of(),
          listens,
          List.of(),
          secrets,
          Duration.ZERO,
          verify,
          List.of(),
          Retention.ALL,
          false,
          List.of());
    }

    /// Why no job gets a variable of this name; empty if it may.
    public static Optional<String> withheld(String name) {
      return AccountKey.problem(name);
    }

    /// With other secrets of the user's.
    public Care handing(List<String> names) {
      return new Care(
          tasks,
          envFirst,
          envResume,
          listens,
          scratch,
          names,
          checkpointEvery,
          verify,
          targets,
          retention,
          goOn,
          onLog);
    }

    /// As a list that somebody typed: one that fails leaves the rest their turn.
    public static Care list(List<String> tasks, List<String> secrets) {
      return new Care(
          tasks,
          List.of(),
          List.of(),
          "",
          List.of(),
          secrets,
          Duration.ZERO,
          "",
          List.of(),
          Retention.ALL,
          true,
          List.of());
    }
  }

  /// Which machines will do, in the platform's query words, and what they may cost.
  ///
  /// @param query as typed, "gpu_name=RTX_4090 reliability>0.98"
  /// @param diskGb disk to rent in GB; fixed for the rental's life
  /// @param interruptible a bid, cheaper and outbid without notice; otherwise on demand
  /// @param cap the most an hour of one machine may cost
  /// @param bidding what may become of the bid of a box that was outbid
  /// @param bid how a bid is made
  /// @param sizes what is expected to travel and to lie on the disk
  public record Market(
      String image,
      String query,
      int diskGb,
      boolean interruptible,
      UsdPerHour cap,
      Bidding bidding,
      Bid bid,
      Sizes sizes) {
    /// What does for most: verified, reachable, not too slow.
    public static final String USUAL_QUERY =
        "verified=true direct_port_count>=1 reliability>0.98 gpu_ram>=20 compute_cap>=700"
            + " inet_down>=200 disk_space>=50 rented=False";

    /// Nothing may be rented: the run goes on nowhere but on the box that it has.
    public static Market none(int diskGb) {
      return new Market("", "", diskGb, false, UsdPerHour.ZERO, Bidding.FIXED);
    }

    public boolean rents() {
      return cap.micros() > 0;
    }

    /// A bid goes up to the cap, where it is interruptible.
    public Market(String image, String query, int diskGb, boolean interruptible, UsdPerHour cap) {
      this(image, query, diskGb, interruptible, cap, Bidding.RAISE);
    }

    /// Bids as usual, for a use of which nobody said how large it is.
    public Market(
        String image,
        String query,
        int diskGb,
        boolean interruptible,
        UsdPerHour cap,
        Bidding bidding) {
      this(image, query, diskGb, interruptible, cap, bidding, Bid.USUAL, Sizes.UNKNOWN);
    }

    /// A query with this condition in the place of whatever it says of that field.
    public static String narrowed(String query, String field, String condition) {
      return QueryWords.with(query, field, condition);
    }

    /// The same bids and sizes on other machines.
    public Market asking(String image, String query, int diskGb, UsdPerHour cap) {
      return new Market(image, query, diskGb, interruptible, cap, bidding, bid, sizes);
    }
  }

  /// How a bid is made.
  ///
  /// @param first the first one of each box, an hour; zero for the lowest that runs and the margin
  /// @param margin over the lowest bid that runs, as a factor; 0 for the controller's own
  public record Bid(UsdPerHour first, double margin) {
    public static final Bid USUAL = new Bid(UsdPerHour.ZERO, 0);
  }

  /// What lies on the disk, in bytes; 0 where nobody said.
  public record Sizes(long image, long data, long checkpoint) {
    public static final Sizes UNKNOWN = new Sizes(0, 0, 0);
  }

  /// Whether a bid is raised when the box was outbid.
  public enum Bidding {
    RAISE,
    FIXED
  }

  /// How the box is started, what it is given, and how it is reached.
  ///
  /// @param runtype the platform's word: "" as usual (ssh straight to the box), "ssh", "args", ...
  /// @param entrypoint one program in the place of the image's own, in an args box; "" for its own
  /// @param env the user's settings, which the platform stores: no secrets
  /// @param ports to be reached from outside, "8080" or "8080/udp"
  /// @param packages that are installed once a disk, where their command is missing: "rsync", or
  ///   "rg:ripgrep" where the package is called otherwise
  /// @param sync an absolute local directory that is brought to /app before the job; "" for none
  /// @param proxy whether much may go through the platform's slow ssh proxy
  /// @param gate the user's own command that must end well on each boot before the job; "" for none
  public record Box(
      String runtype,
      String entrypoint,
      Map<String, String> env,
      List<String> ports,
      List<String> packages,
      String sync,
      boolean proxy,
      Volume volume,
      String gate) {
    public static final Box USUAL =
        new Box("", "", Map.of(), List.of(), List.of(), "", false, Volume.NONE);

    /// Whose user asks nothing of it.
    public Box(
        String runtype,
        String entrypoint,
        Map<String, String> env,
        List<String> ports,
        List<String> packages,
        String sync,
        boolean proxy,
        Volume volume) {
      this(runtype, entrypoint, env, ports, packages, sync, proxy, volume, "");
    }

    public Box {
      env = Map.copyOf(env);
      ports = List.copyOf(ports);
      packages = List.copyOf(packages);
    }

    /// Whether the platform puts its sshd into the box; an args box runs the image's program alone.
    public boolean hasSshd() {
      return !runtype.equals("args");
    }

    public Box syncing(String directory) {
      return new Box(runtype, entrypoint, env, ports, packages, directory, proxy, volume, gate);
    }

    public Box with(Map<String, String> settings) {
      return new Box(runtype, entrypoint, settings, ports, packages, sync, proxy, volume, gate);
    }

    public Box proxied(boolean allowed) {
      return new Box(runtype, entrypoint, env, ports, packages, sync, allowed, volume, gate);
    }
  }

  /// A volume of the account's, which bills whether or not a box uses it, put into the box.
  ///
  /// @param id the platform's number; 0 for no volume
  /// @param path where it appears on the box
  public record Volume(long id, String path) {
    public static final Volume NONE = new Volume(0, "");
  }

  /// What becomes of the box when the job is done, and while no controller answers.
  ///
  /// @param approved the user said yes to destroying this run's own rentals beforehand
  /// @param unattended how long a box without a job stays up alone; zero as the controller says
  /// @param lease how long a box trains on alone; zero as the controller says
  /// @param keepFailed the box of a job that failed is left running
  /// @param leaveResults the user gives up the results beforehand: they go with the box
  public record Finish(
      After after,
      boolean approved,
      Duration unattended,
      Duration lease,
      boolean keepFailed,
      boolean leaveResults) {
    /// With the controller's own times.
    public Finish(After after, boolean approved) {
      this(after, approved, Duration.ZERO, Duration.ZERO);
    }

    /// However the job ends, and with its results.
    public Finish(After after, boolean approved, Duration unattended, Duration lease) {
      this(after, approved, unattended, lease, false, false);
    }

    public Finish keepingFailed(boolean whether) {
      return new Finish(after, approved, unattended, lease, whether, leaveResults);
    }

    public Finish leavingResults(boolean whether) {
      return new Finish(after, approved, unattended, lease, keepFailed, whether);
    }
  }

  /// The three ends of a box.
  public enum After {
    DESTROY,
    STOP,
    KEEP
  }
}
