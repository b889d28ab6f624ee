package dev.salvor.controller.provider;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A runtype as people write it, read: the shape it stands for, and what there is to say about it.
///
/// @param stopsAtEnd the rental is to be stopped when its program has ended
/// @param note for the user; empty if the word means what it says
public record Runtype(Shape shape, boolean stopsAtEnd, String note) {
  /// Every word that is understood.
  public static final Set<String> WORDS =
      Set.of(
          "ssh", "ssh_proxy", "ssh_direct", "jupyter_proxy", "jupyter_direct", "args", "oneshot");

  private static final String ONESHOT =
      "oneshot is no runtype of the platform's: it is sent as args, and the rental is stopped (its"
          + " disk goes on billing) when the command has ended";

  /// Empty for a word that is none.
  public static Optional<Runtype> of(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "ssh_direct", "ssh_direc" -> plain(new Shape.Ssh(true));
      case "ssh", "ssh_proxy" -> plain(new Shape.Ssh(false));
      case "jupyter_direct", "jupyter_direc" -> plain(new Shape.Jupyter(true, false, ""));
      case "jupyter", "jupyter_proxy" -> plain(new Shape.Jupyter(false, false, ""));
      case "args" -> plain(new Shape.Args("", List.of(), ""));
      case "oneshot" -> Optional.of(new Runtype(new Shape.Args("", List.of(), ""), true, ONESHOT));
      default -> Optional.empty();
    };
  }

  private static Optional<Runtype> plain(Shape shape) {
    return Optional.of(new Runtype(shape, false, ""));
  }
}
