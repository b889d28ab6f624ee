package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import java.util.List;
import java.util.Optional;

/// Where token rows live. What a method changed survives a crash once it returned.
public interface TokenStore {

  Optional<TokenRow> find(Sha256 hash);

  List<TokenRow> all();

  /// Keeps a new row.
  void add(TokenRow row) throws CaException;

  /// Puts the next row in place of the expected one, unless it is another by now.
  ///
  /// @return whether it did
  boolean swap(TokenRow expected, TokenRow next) throws CaException;

  void remove(Sha256 hash) throws CaException;
}
