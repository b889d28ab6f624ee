package dev.salvor.controller.core;

import dev.salvor.common.unit.Secret;
import java.util.Optional;
import java.util.Set;

/// The names under which people keep the platform's key: what opens the whole account goes to no
/// box, by no way.
public final class AccountKey {
  private static final Set<String> NAMES = Set.of("VAST_API_KEY", "VASTAI_API_KEY", "VAST_KEY");

  /// A shorter one may stand in any text by chance.
  private static final int TELLING_CHARS = 16;

  private AccountKey() {}

  /// Whether a text is the key, or has it in it.
  public static boolean isIn(Secret key, String text) {
    String own = key.reveal();
    return text.equals(own) || (own.length() >= TELLING_CHARS && text.contains(own));
  }

  /// Why a job cannot have a variable of this name; empty if it may.
  public static Optional<String> problem(String name) {
    return NAMES.contains(name)
        ? Optional.of(
            "%s opens the whole account at the platform, and no box is given it: a box stops itself by a key of its own"
                .formatted(name))
        : Optional.empty();
  }
}
