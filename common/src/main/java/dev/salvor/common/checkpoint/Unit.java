package dev.salvor.common.checkpoint;

import dev.salvor.common.framework.Names;
import java.time.Instant;
import java.util.List;

/// A cargo unit as an agent found it: what it is, how far training was, and every byte it consists
/// of.
///
/// @param format what the agent took it for ("safetensors", "pytorch", "hf-trainer", "files")
/// @param step training step; 0 for results
/// @param writtenAt when its newest file was written, by the box's clock
public record Unit(
    UnitId id,
    UnitKind kind,
    String format,
    long step,
    Completeness completeness,
    Manifest manifest,
    Instant writtenAt) {
  public Unit {
    if (!manifest.digest().equals(id.manifestDigest())) {
      throw new IllegalArgumentException(
          "The id of " + id + " names another manifest: " + manifest.digest());
    }
    if (step < 0) {
      throw new IllegalArgumentException("A step is not negative: " + step);
    }
  }

  /// Where units of its kind follow each other: its place on the box with the numbers of its own
  /// name left out. "G_100.pth" and "G_200.pth" are one series, "D_200.pth" and "best.pth" are not
  /// of it, so neither stands in for the other.
  public String series() {
    String root = manifest.root();
    int last = root.lastIndexOf('/') + 1;
    List<FileEntry> files = manifest.files();
    if (files.size() > 1) {
      return root.substring(0, last) + unnumbered(root.substring(last));
    }
    String own = root.substring(last);
    String place = Names.isStepDirectory(own) ? unnumbered(own) : own;
    return root.substring(0, last) + place + "/" + unnumbered(files.getFirst().path());
  }

  /// Each number as one "#". By hand: the controller asks at every turn, of every unit.
  private static String unnumbered(String name) {
    StringBuilder rest = new StringBuilder(name.length());
    boolean digit = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean before = digit;
      digit = c >= '0' && c <= '9';
      if (!digit) {
        rest.append(c);
      } else if (!before) {
        rest.append('#');
      }
    }
    return rest.toString();
  }
}
