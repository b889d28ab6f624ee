package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;

/// Mints join tokens, lets each be spent once, by one key, and counts the comings of that key.
public final class JoinTokens {
  /// How long an armed token may wait for its box.
  static final Duration ARMED = Duration.ofMinutes(15);

  private final TokenStore store;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Consumer<Alarm> alarms;

  public JoinTokens(
      TokenStore store, InstantSource clock, SecureRandom random, Consumer<Alarm> alarms) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.alarms = alarms;
  }

  /// A new, armed token. It is on disk when this returns, so rent after it.
  public JoinToken mint(Identity identity) throws CaException {
    JoinToken token = JoinToken.random(random);
    store.add(new TokenRow(token.hash(), identity, armedFromNow()));
    return token;
  }

  /// Gives every unspent token of the rental its full time again: its image took long to pull, or
  /// the box was away.
  ///
  /// @return whether there was one
  public boolean arm(Identity identity) throws CaException {
    boolean any = false;
    for (TokenRow row : store.all()) {
      if (row.identity().equals(identity) && row.state() instanceof TokenRow.Armed) {
        any |= store.swap(row, row.with(armedFromNow()));
      }
    }
    return any;
  }

  /// Once the rental is gone nobody may enrol for it.
  public void forget(Identity identity) throws CaException {
    for (TokenRow row : store.all()) {
      if (row.identity().equals(identity)) {
        store.remove(row.hash());
      }
    }
  }

  /// Whom a token is for, whatever became of it.
  Optional<Identity> identity(JoinToken token) {
    return store.find(token.hash()).map(TokenRow::identity);
  }

  /// Whether two boxes were found to speak as this one.
  public boolean quarantined(Identity identity) {
    return store.all().stream()
        .anyMatch(r -> r.identity().equals(identity) && r.state() instanceof TokenRow.Quarantined);
  }

  /// What spending would come to now. Changes nothing and raises no alarm.
  public Spending look(JoinToken token, Sha256 key) {
    Optional<TokenRow> row = store.find(token.hash());
    return row.isEmpty() ? new Refused(Refusal.UNKNOWN) : judge(row.get(), key);
  }

  /// Spends the token for the key, or moves on the sequence of the key that spent it: the box that
  /// is bound to it may come back also after days.
  ///
  /// @param shown the join sequence that the box holds; 0 for none
  public Spending spend(JoinToken token, Sha256 key, long shown) throws CaException {
    // A lost race is judged anew on what won it.
    while (true) {
      Optional<TokenRow> row = store.find(token.hash());
      if (row.isEmpty()) {
        return new Refused(Refusal.UNKNOWN);
      }
      if (judge(row.get(), key) instanceof Refused refused) {
        if (refused.why() == Refusal.USED) {
          alarms.accept(new Alarm.Reused(row.get().identity(), key));
        }
        return refused;
      }
      Optional<Spending> came = come(row.get(), key, shown);
      if (came.isPresent()) {
        return came.get();
      }
    }
  }

  /// Moves on the sequence of a box that showed a valid certificate.
  public Spending renew(Identity identity, long shown) throws CaException {
    while (true) {
      Optional<TokenRow> row = bound(identity);
      if (row.isEmpty()) {
        return new Refused(quarantined(identity) ? Refusal.QUARANTINED : Refusal.UNKNOWN);
      }
      Optional<Spending> came = come(row.get(), ((TokenRow.Used) row.get().state()).key(), shown);
      if (came.isPresent()) {
        return came.get();
      }
    }
  }

  private Optional<TokenRow> bound(Identity identity) {
    return store.all().stream()
        .filter(r -> r.identity().equals(identity) && r.state() instanceof TokenRow.Used)
        .max(Comparator.comparing(r -> ((TokenRow.Used) r.state()).at()));
  }

  /// Empty when somebody else changed the row meanwhile.
  private Optional<Spending> come(TokenRow row, Sha256 key, long shown) throws CaException {
    if (row.state() instanceof TokenRow.Used used) {
      return used.sequence().accepts(shown)
          ? move(row, used.with(used.sequence().after(shown)))
          : quarantine(row, used, shown);
    }
    return move(row, new TokenRow.Used(key, clock.instant(), JoinSequence.begin(shown)));
  }

  private Optional<Spending> move(TokenRow row, TokenRow.Used next) throws CaException {
    return store.swap(row, row.with(next))
        ? Optional.of(new Granted(row.identity(), next.sequence().issued()))
        : Optional.empty();
  }

  /// Somebody else has come with this key since: which of the two is the box nobody can tell.
  private Optional<Spending> quarantine(TokenRow row, TokenRow.Used used, long shown)
      throws CaException {
    if (!store.swap(row, row.with(new TokenRow.Quarantined(used.key(), clock.instant())))) {
      return Optional.empty();
    }
    alarms.accept(new Alarm.Cloned(row.identity(), shown, used.sequence()));
    return Optional.of(new Refused(Refusal.QUARANTINED));
  }

  private Spending judge(TokenRow row, Sha256 key) {
    return switch (row.state()) {
      case TokenRow.Armed armed ->
          clock.instant().isAfter(armed.until())
              ? new Refused(Refusal.EXPIRED)
              : new Granted(row.identity(), 0);
      case TokenRow.Used used ->
          used.key().equals(key)
              ? new Granted(row.identity(), used.sequence().issued())
              : new Refused(Refusal.USED);
      case TokenRow.Quarantined _ -> new Refused(Refusal.QUARANTINED);
    };
  }

  private TokenRow.Armed armedFromNow() {
    return new TokenRow.Armed(clock.instant().plus(ARMED));
  }

  /// What came of showing a token, or a certificate.
  public sealed interface Spending {}

  /// It is good, for this identity, which holds this join sequence from now on.
  public record Granted(Identity identity, long joinSeq) implements Spending {}

  /// It is not.
  public record Refused(Refusal why) implements Spending {}

  /// Why a token is no good.
  public enum Refusal {
    UNKNOWN,
    USED,
    EXPIRED,
    QUARANTINED
  }
}
