package dev.salvor.controller.launch;

import dev.salvor.controller.core.RunSpec.Box;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A box that is started as its image says: the platform puts no sshd into it and runs no onstart
/// text. Its arguments start the agent, and the user's command is its job.
public final class ArgsBox {
  private ArgsBox() {}

  /// The words for the image's entrypoint, which by custom runs them. No shell takes them apart.
  public static List<String> arguments(String onstart) {
    return List.of("bash", "-c", onstart);
  }

  /// The container lives as long as what its arguments start.
  public static Map<String, String> env(Map<String, String> rendered) {
    Map<String, String> env = new HashMap<>(rendered);
    env.put("SALVOR_FOREGROUND", "1");
    return env;
  }

  /// Why such a box would be of no use.
  ///
  /// @param endpoints where the box is to find the controller
  /// @param platform the platform's address: boxes of one on this machine reach this machine
  public static List<String> problems(Box box, List<String> endpoints, String platform) {
    List<String> problems = new ArrayList<>();
    commandLine(box.entrypoint()).ifPresent(why -> problems.add("the entrypoint " + why));
    if (!box.sync().isEmpty()) {
      problems.add(
          "an args box has no sshd of the platform's, so no directory can be brought to it: let it"
              + " clone the code, or take runtype ssh_direct");
    }
    boolean lost = endpoints.isEmpty();
    boolean near = isHere(String.valueOf(URI.create(platform).getHost()));
    if (lost
        || (!near
            && endpoints.stream().allMatch(e -> isHere(e.substring(0, e.lastIndexOf(':')))))) {
      problems.add(
          "an args box has no sshd of the platform's, so no tunnel leads from it to this controller, which listens at %s: start the controller with a public address (--listen HOST:PORT), or take runtype ssh_direct"
              .formatted(endpoints.isEmpty() ? "no address" : String.join(", ", endpoints)));
    }
    return problems;
  }

  /// Why this is no entrypoint: one that is a command line.
  public static Optional<String> commandLine(String entrypoint) {
    return entrypoint.strip().matches("(?s).*\\s.*")
        ? Optional.of(
            "\"%s\" is a command line, and the container runtime would look for a file of that name (stat %s: no such file or directory): give the command as args"
                .formatted(entrypoint.strip(), entrypoint.strip()))
        : Optional.empty();
  }

  private static boolean isHere(String host) {
    return host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("[::1]")
        || host.equals("0.0.0.0")
        || host.equals("[::]");
  }
}
