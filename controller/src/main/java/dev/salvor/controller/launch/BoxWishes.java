package dev.salvor.controller.launch;

import dev.salvor.controller.core.AccountKey;
import dev.salvor.controller.core.RunSpec.Box;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a user may ask of a box, and what the platform or the box could not take.
public final class BoxWishes {
  /// The platform opens no more on one box.
  public static final int MAX_PORTS = 64;

  /// From 70000 on the platform picks one number for inside and outside.
  private static final int MAX_PORT = 99_999;

  /// Settings of onstart's that are the user's to give: where an agent can be had.
  private static final Set<String> OPEN =
      Set.of("SALVOR_BUNDLE", "SALVOR_BUNDLE_URL", "SALVOR_BUNDLE_SHA256");

  private static final Pattern PORT = Pattern.compile("([0-9]{1,6})(/(tcp|udp))?");
  private static final Pattern PACKAGE =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9.+_-]*:)?[a-z0-9][a-z0-9.+-]+");

  private BoxWishes() {}

  static List<String> problems(Box box) {
    List<String> problems = new ArrayList<>();
    box.env().keySet().stream().sorted().forEach(name -> ours(name).ifPresent(problems::add));
    box.ports().forEach(port -> port(port).ifPresent(problems::add));
    if (new LinkedHashSet<>(box.ports()).size() > MAX_PORTS) {
      problems.add(
          "%d ports are asked for, a box has at most %d".formatted(box.ports().size(), MAX_PORTS));
    }
    box.packages().forEach(name -> packaged(name).ifPresent(problems::add));
    return problems;
  }

  /// Why a setting's name cannot be the user's; empty if it can.
  public static Optional<String> ours(String name) {
    return name.startsWith("SALVOR_") && !OPEN.contains(name)
        ? Optional.of("%s is set by Salvor itself".formatted(name))
        : AccountKey.problem(name);
  }

  /// Why a port cannot be opened; empty if it can.
  public static Optional<String> port(String port) {
    Matcher matcher = PORT.matcher(port);
    boolean fits =
        matcher.matches()
            && Integer.parseInt(matcher.group(1)) >= 1
            && Integer.parseInt(matcher.group(1)) <= MAX_PORT;
    return fits
        ? Optional.empty()
        : Optional.of("\"%s\" is no port: write 8080 or 8080/udp".formatted(port));
  }

  /// Why a package cannot be installed; empty if it may.
  public static Optional<String> packaged(String name) {
    return PACKAGE.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "\"%s\" is no package: write git, or rg:ripgrep where the command is called otherwise"
                .formatted(name));
  }
}
