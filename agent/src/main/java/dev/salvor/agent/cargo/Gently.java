package dev.salvor.agent.cargo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Words before a command that keep it out of the job's way: idle I/O, low CPU priority.
public final class Gently {
  private Gently() {}

  /// As much of it as this box has tools for.
  public static List<String> words() {
    List<String> words = new ArrayList<>();
    if (onPath("ionice")) {
      words.addAll(List.of("ionice", "-c", "3"));
    }
    if (onPath("nice")) {
      words.addAll(List.of("nice", "-n", "10"));
    }
    return words;
  }

  static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String directory : path.split(":", -1)) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }
}
