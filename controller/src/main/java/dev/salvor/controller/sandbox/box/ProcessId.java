package dev.salvor.controller.sandbox.box;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A process named by its number and the moment it began, so that a re-used number is not mistaken
/// for it.
record ProcessId(long pid, String born) {
  /// Field of `/proc/PID/stat` after the command's closing bracket: state is 0, start time 19
  /// (proc(5): 3 and 22).
  private static final int STATE = 0;

  private static final int START_TIME = 19;

  static Optional<ProcessId> of(long pid) {
    return born(pid).map(born -> new ProcessId(pid, born));
  }

  static Optional<ProcessId> parse(String text) {
    String[] words = text.strip().split(" ", 2);
    try {
      return words.length == 2
          ? Optional.of(new ProcessId(Long.parseLong(words[0]), words[1]))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// A process that has ended but was not yet waited for counts as gone.
  boolean alive() {
    return born(pid).filter(born::equals).isPresent();
  }

  String text() {
    return pid + " " + born;
  }

  private static Optional<String> born(long pid) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    try {
      String text = Files.readString(stat);
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      return fields[STATE].equals("Z") || fields[STATE].equals("X")
          ? Optional.empty()
          : Optional.of(boot() + "/" + fields[START_TIME]);
    } catch (IOException e) {
      if (Files.isReadable(Path.of("/proc/self/stat"))) {
        return Optional.empty();
      }
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .flatMap(p -> p.info().startInstant())
          .map(Object::toString);
    }
  }

  private static String boot() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }
}
