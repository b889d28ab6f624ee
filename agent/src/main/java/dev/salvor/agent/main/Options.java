package dev.salvor.agent.main;

import dev.salvor.agent.platform.BoxKey;
import dev.salvor.common.tls.SpkiPin;
import dev.salvor.common.unit.RunId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the agent was started with: arguments and environment, checked.
///
/// @param root under which the box's absolute paths lie; "/" on a real box
/// @param instanceId the platform's word; empty where it gives none
/// @param boxKey the platform's key to this box, where it gives one
record Options(
    Path home,
    Path root,
    Set<SpkiPin> pins,
    String joinToken,
    RunId run,
    int generation,
    String instanceId,
    String endpoints,
    Optional<BoxKey> boxKey) {

  /// Throws IllegalArgumentException with every problem, one a line.
  static Options read(List<String> arguments, Map<String, String> env) {
    List<String> problems = new ArrayList<>();
    Path home = home(arguments, problems);
    Set<SpkiPin> pins = pins(env.getOrDefault("SALVOR_CA_PIN", ""), problems);
    RunId run = run(env.getOrDefault("SALVOR_RUN", ""), problems);
    int generation = generation(env.getOrDefault("SALVOR_GENERATION", ""), problems);
    Optional<BoxKey> boxKey = boxKey(env, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return new Options(
        home,
        Path.of(env.getOrDefault("SALVOR_ROOT", "/")).toAbsolutePath(),
        pins,
        env.getOrDefault("SALVOR_JOIN_TOKEN", ""),
        run,
        generation,
        env.getOrDefault("CONTAINER_ID", ""),
        env.getOrDefault("SALVOR_ENDPOINTS", ""),
        boxKey);
  }

  private static Path home(List<String> arguments, List<String> problems) {
    if (arguments.size() == 2 && arguments.getFirst().equals("--home")) {
      return Path.of(arguments.get(1)).toAbsolutePath();
    }
    problems.add("Usage: java -jar agent.jar watch --home DIR");
    return Path.of("/");
  }

  private static Set<SpkiPin> pins(String text, List<String> problems) {
    Set<SpkiPin> pins = new HashSet<>();
    for (String pin : new HashSet<>(List.of(text.strip().split("[,\\s]+", -1)))) {
      try {
        pins.add(SpkiPin.parse(pin));
      } catch (IllegalArgumentException e) {
        problems.add("SALVOR_CA_PIN is no SHA-256 in hex (64 digits): '%s'".formatted(pin));
      }
    }
    return pins;
  }

  private static Optional<BoxKey> boxKey(Map<String, String> env, List<String> problems) {
    try {
      return BoxKey.of(env);
    } catch (IllegalArgumentException e) {
      problems.add("SALVOR_PLATFORM is no address: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static RunId run(String text, List<String> problems) {
    try {
      return new RunId(text);
    } catch (IllegalArgumentException e) {
      problems.add("SALVOR_RUN is no run name: '%s'".formatted(text));
      return new RunId("none");
    }
  }

  private static int generation(String text, List<String> problems) {
    try {
      int generation = Integer.parseInt(text.strip());
      if (generation >= 1) {
        return generation;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    problems.add("SALVOR_GENERATION is no number from 1: '%s'".formatted(text));
    return 1;
  }
}
