package dev.salvor.controller.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The processes of one directory as the kernel knows them: named by their command line, their
/// environment or what is mounted for them, so that those inside a box are found too.
record Census(Path dir) {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENS = "0A";

  /// A process and its arguments.
  record Found(long pid, List<String> command) {
    /// Whether it is a JVM whose arguments hold this word.
    boolean runs(String word) {
      return command.getFirst().endsWith("java")
          && command.stream().anyMatch(argument -> argument.contains(word));
    }

    /// 0 where it has none, or is gone.
    long parent() {
      return ProcessHandle.of(pid)
          .flatMap(ProcessHandle::parent)
          .map(ProcessHandle::pid)
          .orElse(0L);
    }

    boolean kill() {
      return ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
    }
  }

  List<Found> processes() {
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("\\d+"))
          .filter(this::ours)
          .flatMap(Census::found)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The agents in its boxes. A process that an agent is just starting has its command line for a
  /// moment, and is none.
  List<Found> agents() {
    List<Found> all =
        processes().stream()
            .filter(found -> found.runs("agent.jar") && found.runs("watch"))
            .toList();
    Set<Long> pids = all.stream().map(Found::pid).collect(Collectors.toSet());
    return all.stream().filter(found -> !pids.contains(found.parent())).toList();
  }

  /// The demo's trainer in its boxes; not the shell that started it.
  List<Found> trainers() {
    return processes().stream().filter(found -> found.runs("CharLm.java")).toList();
  }

  /// The sockets that its processes listen on, by inode: a port's number may be somebody else's the
  /// next moment.
  Set<String> listeners() {
    Set<String> held = new HashSet<>();
    for (Found found : processes()) {
      held.addAll(sockets(PROC.resolve(Long.toString(found.pid())).resolve("fd")));
    }
    Set<String> listening = listening();
    listening.retainAll(held);
    return listening;
  }

  /// All sockets of this machine that listen.
  static Set<String> listening() {
    Set<String> inodes = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      text(PROC.resolve("net").resolve(table))
          .lines()
          .map(line -> line.strip().split("\\s+"))
          .filter(columns -> columns.length > 9 && columns[3].equals(LISTENS))
          .forEach(columns -> inodes.add(columns[9]));
    }
    return inodes;
  }

  private boolean ours(Path process) {
    return !process.getFileName().toString().equals(Long.toString(ProcessHandle.current().pid()))
        && Stream.of("cmdline", "environ", "mountinfo")
            .anyMatch(file -> text(process.resolve(file)).contains(dir.toString()));
  }

  private static Stream<Found> found(Path process) {
    List<String> command =
        Arrays.stream(text(process.resolve("cmdline")).split("\0"))
            .collect(Collectors.toCollection(ArrayList::new));
    // One that has ended and was not waited for yet has no arguments any more.
    return command.getFirst().isEmpty()
        ? Stream.of()
        : Stream.of(new Found(Long.parseLong(process.getFileName().toString()), command));
  }

  private static Set<String> sockets(Path descriptors) {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> all = Files.list(descriptors)) {
      for (Path one : (Iterable<Path>) all::iterator) {
        String to = Files.readSymbolicLink(one).toString();
        if (to.startsWith("socket:[")) {
          inodes.add(to.substring("socket:[".length(), to.length() - 1));
        }
      }
    } catch (IOException | UncheckedIOException _) {
      // It ended while we looked.
    }
    return inodes;
  }

  /// What a file of the kernel's says; nothing where its process has ended.
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }
}
