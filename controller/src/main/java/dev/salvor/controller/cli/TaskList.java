package dev.salvor.controller.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The tasks of a run: one a line of a file, or one a word of the command line; each goes to bash
/// as it stands.
record TaskList(List<String> tasks) {
  /// A file of a megabyte is no list of tasks.
  private static final long MAX_BYTES = 1 << 20;

  private static final String RUNNER = "runner:";

  TaskList {
    tasks = List.copyOf(tasks);
  }

  /// Blank lines and those that begin with `#` are none. A line `runner: CMD` puts CMD before each
  /// task that follows it; an empty one ends that.
  static TaskList of(List<String> lines) {
    List<String> tasks = new ArrayList<>();
    String runner = "";
    for (String line : lines) {
      String bare = line.strip();
      if (bare.startsWith(RUNNER)) {
        String command = bare.substring(RUNNER.length()).strip();
        runner = command.isEmpty() ? "" : command + " ";
      } else if (!bare.isEmpty() && !bare.startsWith("#")) {
        tasks.add(runner + (runner.isEmpty() ? line : bare));
      }
    }
    return new TaskList(tasks);
  }

  static TaskList read(Path file) throws Failure {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new Failure(
            Exit.USAGE,
            "Cannot take tasks from %s: it is larger than 1 MB. Is it the right file?"
                .formatted(file));
      }
      TaskList list = of(Files.readAllLines(file));
      if (list.tasks().isEmpty()) {
        throw new Failure(
            Exit.USAGE,
            "Cannot run %s: it has no task, only blank lines and comments. Write one a line."
                .formatted(file));
      }
      return list;
    } catch (MalformedInputException e) {
      throw new Failure(
          Exit.USAGE,
          "Cannot take tasks from %s: it is not UTF-8 text. Convert it.".formatted(file),
          e);
    } catch (IOException e) {
      throw new Failure(
          Exit.USAGE, "Cannot read the tasks in %s: %s. Correct the path.".formatted(file, e), e);
    }
  }

  /// Words after `--`: each is a task, unless one of the later ones is an option, which no task
  /// begins with: then they are one command line.
  static TaskList ofWords(List<String> words) {
    boolean oneLine = words.stream().skip(1).anyMatch(word -> word.startsWith("-"));
    if (!oneLine) {
      return of(words);
    }
    return new TaskList(List.of(String.join(" ", words.stream().map(TaskList::quoted).toList())));
  }

  /// As bash must see it to hand it on unchanged.
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
