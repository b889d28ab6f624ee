package dev.salvor.controller.sandbox.box;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Boxes as plain processes under a root prefix: no walls, only a marker in the environment to find
/// the tree by.
record PlainProcesses(Kit kit) implements Enclosure {
  private static final Duration DEATH = Duration.ofSeconds(10);

  /// A tree that still grows after so many rounds of SIGSTOP grows faster than it can be stopped.
  private static final int ROUNDS = 50;

  private static final long SIGNAL_SECONDS = 5;

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public List<String> spawn(BoxDisk box) {
    var command = new ArrayList<String>();
    if (Tools.has("setsid")) {
      command.add("setsid");
    }
    command.addAll(List.of("bash", kit.script("plain-box.sh"), box.home().toString()));
    command.addAll(List.of(box.disk().toString(), kit.jdk().toString(), kit.handed()));
    return command;
  }

  @Override
  public List<String> enter(BoxDisk box, ProcessId root, List<String> inner) {
    Path disk = box.disk();
    var command =
        new ArrayList<>(List.of("env", "-i", kit.marker(box.id()), "SALVOR_ROOT=" + disk));
    command.addAll(List.of("HOME=" + disk.resolve("root"), "USER=root", "SHELL=/bin/bash"));
    command.addAll(List.of("JAVA_HOME=" + kit.jdk(), "PATH=" + kit.jdk() + "/bin:" + Tools.PATH));
    command.addAll(List.of("bash", "-c", "cd \"$HOME\" && exec \"$@\"", "box"));
    command.addAll(inner);
    return command;
  }

  @Override
  public List<String> serve(Path scratch, Map<String, BoxDisk> modules) throws BoxException {
    // No chroot without root: rsync itself keeps paths inside a module, and may not follow links
    // out of it.
    var config = new StringBuilder("use chroot = no\nread only = yes\nnumeric ids = yes\n");
    config.append("refuse options = copy-links copy-unsafe-links copy-dirlinks\n");
    modules.forEach((name, box) -> config.append("[" + name + "]\npath = " + box.disk() + "\n"));
    try {
      Path file = Files.writeString(Path.of(scratch + ".conf"), config.toString());
      return List.of("rsync", "--server", "--daemon", "--config=" + file, ".");
    } catch (IOException e) {
      throw new BoxException("Cannot write the rsync configuration", e);
    }
  }

  /// No walls, so nothing is run on a disk whose links may lead anywhere.
  @Override
  public Optional<List<String>> onDisk(Path scratch, BoxDisk box, List<String> argv) {
    return Optional.empty();
  }

  @Override
  public void kill(BoxDisk box, ProcessId root) throws BoxException {
    Set<ProcessId> stopped = new LinkedHashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Set<ProcessId> fresh = tree(box, root);
      fresh.removeAll(stopped);
      if (fresh.isEmpty()) {
        break;
      }
      freeze(fresh);
      stopped.addAll(fresh);
    }
    stopped.forEach(Processes::kill);
    Processes.awaitGone("box " + box.id(), stopped, DEATH);
  }

  private Set<ProcessId> tree(BoxDisk box, ProcessId root) {
    Set<ProcessId> found = new LinkedHashSet<>(Processes.withVariable(kit.marker(box.id())));
    if (root.alive()) {
      found.add(root);
    }
    for (ProcessId id : List.copyOf(found)) {
      ProcessHandle.of(id.pid()).stream()
          .flatMap(ProcessHandle::descendants)
          .flatMap(p -> ProcessId.of(p.pid()).stream())
          .forEach(found::add);
    }
    return found;
  }

  private static void freeze(Set<ProcessId> all) throws BoxException {
    var command = new ArrayList<>(List.of("kill", "-STOP"));
    all.forEach(id -> command.add(Long.toString(id.pid())));
    try {
      Process kill =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException e) {
      throw new BoxException("Cannot stop a box's processes", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
