package dev.salvor.controller.provider;

import dev.salvor.common.unit.Usd;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// Whose money it is, how much is left, and where it went.
public interface Account {

  User user() throws ProviderException;

  /// What was charged on these days, both included, oldest first.
  List<Charge> charges(LocalDate first, LocalDate last) throws ProviderException;

  /// Who it is.
  ///
  /// @param credit spendable; may be negative
  /// @param raw the platform's own JSON, without the key and the session in it
  record User(long id, String email, Usd credit, String sshKey, String raw) {}

  /// One line of the bill.
  ///
  /// @param source what it was for, such as "instance-7001"
  record Charge(Instant start, Instant end, String type, String source, Usd amount) {}
}
