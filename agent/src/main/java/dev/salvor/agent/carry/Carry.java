package dev.salvor.agent.carry;

import dev.salvor.agent.carry.CarryException.Kind;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.disk.Trees;
import dev.salvor.common.wire.UnitWire;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Moves one unit and ends: `carry --home DIR --unit FILE` copies it out, `--restore FILE` brings
/// it back. The last line printed is the unit's root on success, the reason on failure.
public final class Carry {
  /// The unit is receipted, or restored.
  static final int DONE = 0;

  /// Not done, and trying again by itself does not help.
  static final int FAILED = 1;

  static final int USAGE = 2;

  /// No controller reached: try again later.
  static final int UNREACHABLE = 3;

  /// Dials without any success before giving up; the agent starts another carry when told to.
  private static final int MAX_ROUNDS = 6;

  private static final long FIRST_PAUSE_MS = 500;

  private final CarryHome home;
  private final long firstPauseMs;
  private final PrintStream out;

  private Carry(CarryHome home, long firstPauseMs, PrintStream out) {
    this.home = home;
    this.firstPauseMs = firstPauseMs;
    this.out = out;
  }

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(run(List.of(arguments), System.getenv(), FIRST_PAUSE_MS, System.out));
  }

  static int run(
      List<String> arguments, Map<String, String> env, long firstPauseMs, PrintStream out)
      throws InterruptedException {
    boolean valid =
        arguments.size() == 4
            && arguments.get(0).equals("--home")
            && List.of("--unit", "--restore").contains(arguments.get(2));
    if (!valid) {
      out.println("Usage: java -jar agent.jar carry --home DIR (--unit | --restore) FILE");
      return USAGE;
    }
    Path homeDirectory = Path.of(arguments.get(1)).toAbsolutePath();
    Carry carry = new Carry(new CarryHome(homeDirectory, env), firstPauseMs, out);
    Path file = Path.of(arguments.get(3)).toAbsolutePath();
    try {
      out.println(arguments.get(2).equals("--unit") ? carry.copyOut(file) : carry.restore(file));
      return DONE;
    } catch (CarryException e) {
      out.println(e.getMessage());
      return e.retryable() ? UNREACHABLE : FAILED;
    } catch (IOException e) {
      out.println("Cannot read or write on this box: " + e);
      return FAILED;
    }
  }

  private String copyOut(Path file) throws CarryException, IOException, InterruptedException {
    Unit unit = read(file, bytes -> UnitWire.read(dev.salvor.proto.v1.Unit.parseFrom(bytes)));
    home.sending(unit.id());
    try {
      Path original = home.onDisk(unit.manifest().root());
      overSomeLine(channel -> {
        Path place = PinPlace.find(original, unit.id()).orElse(original);
        CopyOut.run(new CopyOut.Outgoing(home, unit, place), channel);
        return unit;
      });
      var pin = PinPlace.find(original, unit.id());
      if (pin.isPresent()) {
        Trees.remove(pin.get());
      }
    } finally {
      home.sent();
    }
    return unit.manifest().root();
  }

  private String restore(Path file) throws CarryException, IOException, InterruptedException {
    UnitId id = read(file, bytes -> UnitWire.read(dev.salvor.proto.v1.UnitId.parseFrom(bytes)));
    Unit unit = overSomeLine(channel -> Restore.run(home, id, channel));
    return unit.manifest().root();
  }

  /// How a file of this process' input is read.
  private interface Parsing<T> {
    T parse(byte[] bytes) throws IOException;
  }

  private static <T> T read(Path file, Parsing<T> parsing) throws CarryException {
    try {
      return parsing.parse(Files.readAllBytes(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new CarryException(Kind.LOCAL, "Cannot read %s: %s".formatted(file, e));
    }
  }

  /// What is done over a connection.
  private interface Errand {
    Unit run(ManagedChannel channel) throws CarryException, InterruptedException;
  }

  /// Tries each endpoint in turn, with growing pauses between rounds; a copy that broke off goes on
  /// where it was.
  private Unit overSomeLine(Errand errand) throws CarryException, InterruptedException {
    CarryException last = new CarryException(Kind.UNREACHABLE, "No controller was dialled");
    for (int round = 0; round < MAX_ROUNDS; round++) {
      for (InetSocketAddress endpoint : home.endpoints()) {
        switch (attempt(endpoint, errand)) {
          case Attempt.Done done -> {
            return done.unit();
          }
          case Attempt.Again again -> last = again.why();
        }
      }
      Thread.sleep(firstPauseMs << round);
    }
    throw last;
  }

  /// How one endpoint answered.
  private sealed interface Attempt {
    record Done(Unit unit) implements Attempt {}

    record Again(CarryException why) implements Attempt {}
  }

  private Attempt attempt(InetSocketAddress endpoint, Errand errand)
      throws CarryException, InterruptedException {
    try {
      return new Attempt.Done(over(endpoint, errand));
    } catch (CarryException e) {
      if (!e.retryable()) {
        throw e;
      }
      out.println(endpoint + ": " + e.getMessage());
      return new Attempt.Again(e);
    }
  }

  private Unit over(InetSocketAddress endpoint, Errand errand)
      throws CarryException, InterruptedException {
    ManagedChannel channel = Channels.open(home, endpoint);
    try {
      return errand.run(channel);
    } finally {
      channel.shutdownNow();
      channel.awaitTermination(1, TimeUnit.SECONDS);
    }
  }
}
