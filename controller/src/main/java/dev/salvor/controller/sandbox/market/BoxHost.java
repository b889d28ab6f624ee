package dev.salvor.controller.sandbox.market;

import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.box.BoxOrder;
import dev.salvor.controller.sandbox.box.BoxState;
import java.util.Set;
import java.util.regex.Pattern;

/// The machine room as the market sees it: boxes by number, each with a door for ssh while it is
/// up.
public interface BoxHost {
  /// Opens the box's ssh door, on `wanted` where that is free; answers the port.
  int openDoor(long id, int wanted) throws BoxException;

  /// Begins to start the box; [#state] tells when it is up.
  void start(BoxOrder order) throws BoxException;

  BoxState state(long id);

  /// Why the runtime refused to start the box at all, in its words; empty if it did not.
  String refusal(long id);

  /// Lets nobody in by ssh until the door is opened again.
  void shutDoor(long id);

  /// Makes room for a volume; boxes find it by its number.
  void createVolume(long id) throws BoxException;

  /// The volume and all that is on it are gone.
  void deleteVolume(long id) throws BoxException;

  /// SIGKILL to all of it, doors shut, disk kept.
  void kill(long id) throws BoxException;

  /// Kill, and the disk is gone.
  void destroy(long id) throws BoxException;

  /// Boxes of which there is a disk.
  Set<Long> known() throws BoxException;

  /// Whether a name in the box's /workspace or /work has a number of at least `number` in the
  /// pattern's group 1.
  boolean reaches(long id, Pattern pattern, long number);

  /// Bytes on the box's disk.
  long diskBytes(long id);
}
