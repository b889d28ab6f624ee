package dev.salvor.controller.launch;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The text that stands in for a platform's own start on a box that somebody else has started: it
/// sets what a box of ours would have been started with, and runs the start-up text beside it.
public final class StartText {
  /// Comes as a file of its own, which the agent reads first.
  private static final Set<String> LEFT_OUT = Set.of("SALVOR_JOIN_TOKEN");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  // An ssh session has not what the platform told the box's first process.
  private static final String HEAD =
      """
      #!/usr/bin/env bash
      while IFS= read -rd '' l; do
        case $l in
          CONTAINER_* | VAST_* | PUBLIC_IPADDR=* | GPU_COUNT=* | DATA_DIRECTORY=*) export "${l?}" ;;
        esac
      done 2>/dev/null </proc/1/environ
      """;

  private StartText() {}

  /// Settings that are no variables, such as opened ports, are left out: they are set at creation.
  public static String of(Map<String, String> env) {
    StringBuilder text = new StringBuilder(HEAD);
    new TreeMap<>(env)
        .forEach((name, value) -> {
          if (NAME.matcher(name).matches() && !LEFT_OUT.contains(name)) {
            text.append("export %s=%s\n".formatted(name, quoted(value)));
          }
        });
    return text.append("exec bash \"${0%/*}/onstart.sh\"\n").toString();
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }
}
