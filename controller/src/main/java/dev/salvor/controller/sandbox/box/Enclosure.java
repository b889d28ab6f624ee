package dev.salvor.controller.sandbox.box;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How this machine keeps a box's processes together: by namespaces, or as plain processes where
/// those are refused.
sealed interface Enclosure permits Namespaces, PlainProcesses {
  /// In the words of `GET /sandbox/info`.
  String name();

  /// The command that becomes the box.
  List<String> spawn(BoxDisk box);

  /// The command that runs `inner` inside a running box.
  List<String> enter(BoxDisk box, ProcessId root, List<String> inner);

  /// The command that serves these disks as an rsync daemon on stdin and stdout.
  List<String> serve(Path scratch, Map<String, BoxDisk> modules) throws BoxException;

  /// The command that runs `argv` on the disk of a box that is down; empty where that cannot be
  /// done safely.
  Optional<List<String>> onDisk(Path scratch, BoxDisk box, List<String> argv);

  /// SIGKILL to all of it; returns when nothing is left.
  void kill(BoxDisk box, ProcessId root) throws BoxException;
}
