package dev.salvor.controller.launch.spec;

import dev.salvor.controller.launch.Launch;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is known not to work on a rented box, or to cost more than people think.
final class Advice {
  private static final Pattern DOCKER =
      Pattern.compile(
          "(?m)(^|[\\s;&|(`'\"])(sudo\\s+)?(docker|podman|dockerd|docker-compose|nerdctl)(\\s+(run|build|compose|pull|exec|start|up|login|ps)\\b|\\s*$)");
  private static final Pattern CONDA =
      Pattern.compile("\\b(conda|mamba|micromamba)\\s+(env\\s+)?create\\b");
  private static final List<String> DOCKER_PACKAGES =
      List.of(
          "docker", "docker.io", "docker-ce", "docker-compose", "containerd", "podman", "nerdctl");

  private Advice() {}

  static Optional<String> onPackage(Said said) {
    String name = said.text().substring(said.text().indexOf(':') + 1);
    return DOCKER_PACKAGES.contains(name) ? Optional.of(inDocker(name)) : Optional.empty();
  }

  private static String inDocker(String what) {
    return "%s cannot work: a box is itself a container, and the platform allows none inside it. Take an image that holds what you need"
        .formatted(what);
  }

  /// Looks at a command of the user's.
  static void onCommand(Said command, Findings findings) {
    if (DOCKER.matcher(command.text()).find()) {
      findings.problem(command.line(), inDocker("Docker"));
    }
    if (CONDA.matcher(command.text()).find()) {
      findings.warning(
          command.line(),
          "'conda create' makes a second environment, on paid time, on each new disk: the image is"
              + " the environment; use pip, or an image with what you need");
    }
    if (Launch.looksSecret(command.text())) {
      findings.problem(
          command.line(),
          "this command holds a secret, which the journal would keep: write $NAME, and NAME under"
              + " secrets");
    }
  }
}
