package dev.salvor.controller.sandbox.box;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Boxes as user, mount and PID namespaces: absolute paths are right, and killing a box's init
/// kills all of it.
record Namespaces(Kit kit) implements Enclosure {
  private static final List<String> UNSHARE =
      List.of("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child");

  /// Enough for the kernel to tear down thousands of processes on a busy machine.
  private static final Duration DEATH = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "namespaces";
  }

  @Override
  public List<String> spawn(BoxDisk box) {
    var command = new ArrayList<>(List.of("setsid"));
    command.addAll(UNSHARE);
    command.addAll(List.of("bash", kit.script("box.sh"), box.home().toString()));
    command.addAll(List.of(box.disk().toString(), kit.jdk().toString(), kit.handed()));
    return command;
  }

  @Override
  public List<String> enter(BoxDisk box, ProcessId root, List<String> inner) {
    String init = init(root).map(id -> Long.toString(id.pid())).orElse("0");
    var command =
        new ArrayList<>(List.of("nsenter", "--preserve-credentials", "--target", init, "--user"));
    command.addAll(List.of("--mount", "--pid", "--", "env", "-i", "--chdir=/root"));
    command.addAll(List.of("HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/bash"));
    command.addAll(List.of("JAVA_HOME=/opt/jdk", "PATH=/opt/jdk/bin:" + Tools.PATH));
    command.addAll(inner);
    return command;
  }

  @Override
  public List<String> serve(Path scratch, Map<String, BoxDisk> modules) {
    var command = new ArrayList<>(UNSHARE);
    command.addAll(List.of("bash", kit.script("rsync.sh"), scratch.toString()));
    modules.forEach((name, box) -> command.addAll(List.of(name, box.disk().toString())));
    return command;
  }

  @Override
  public Optional<List<String>> onDisk(Path scratch, BoxDisk box, List<String> argv) {
    var command = new ArrayList<>(UNSHARE);
    command.addAll(List.of("bash", kit.script("disk.sh"), scratch.toString()));
    command.add(box.disk().toString());
    command.addAll(argv);
    return Optional.of(command);
  }

  @Override
  public void kill(BoxDisk box, ProcessId root) throws BoxException {
    // The init first: `unshare` waits for it, and it is not waited for before its whole namespace
    // is empty.
    Optional<ProcessId> init = init(root);
    init.ifPresentOrElse(Processes::kill, () -> Processes.kill(root));
    var all = new ArrayList<>(List.of(root));
    init.ifPresent(all::add);
    Processes.awaitGone("box " + box.id(), all, DEATH);
  }

  private static Optional<ProcessId> init(ProcessId root) {
    if (!root.alive()) {
      return Optional.empty();
    }
    return ProcessHandle.of(root.pid())
        .flatMap(p -> p.children().findFirst())
        .flatMap(p -> ProcessId.of(p.pid()));
  }
}
