package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// Mints join tokens and lets each be spent once, by one key.
public final class JoinTokens {
  /// How long an armed token may wait for its box.
  static final Duration ARMED = Duration.ofMinutes(15);

  private final TokenStore store;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Consumer<Identity> reused;

  /// @param reused told when another key shows a spent token: a copied token, or a copied disk
  public JoinTokens(
      TokenStore store, InstantSource clock, SecureRandom random, Consumer<Identity> reused) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.reused = reused;
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

  /// What spending would come to now. Changes nothing and raises no alarm.
  public Spending look(JoinToken token, Sha256 key) {
    Optional<TokenRow> row = store.find(token.hash());
    return row.isEmpty() ? new Refused(Refusal.UNKNOWN) : judge(row.get(), key);
  }

  /// Spends the token for the key; the same key may ask again for a while and gets the same answer.
  public Spending spend(JoinToken token, Sha256 key) throws CaException {
    // A lost race is judged anew on what won it: Armed can change to Used or be re-armed, no more.
    while (true) {
      Optional<TokenRow> row = store.find(token.hash());
      if (row.isEmpty()) {
        return new Refused(Refusal.UNKNOWN);
      }
      Spending spending = judge(row.get(), key);
      if (!(row.get().state() instanceof TokenRow.Armed) || spending instanceof Refused) {
        alarm(row.get(), key);
        return spending;
      }
      if (store.swap(row.get(), row.get().with(new TokenRow.Used(key, clock.instant())))) {
        return spending;
      }
    }
  }

  private Spending judge(TokenRow row, Sha256 key) {
    Instant now = clock.instant();
    return switch (row.state()) {
      case TokenRow.Armed armed ->
          now.isAfter(armed.until()) ? new Refused(Refusal.EXPIRED) : new Granted(row.identity());
      // The key is bound: the box that spent it may come back with it, also after days.
      case TokenRow.Used used ->
          used.key().equals(key) ? new Granted(row.identity()) : new Refused(Refusal.USED);
    };
  }

  private void alarm(TokenRow row, Sha256 key) {
    if (row.state() instanceof TokenRow.Used used && !used.key().equals(key)) {
      reused.accept(row.identity());
    }
  }

  private TokenRow.Armed armedFromNow() {
    return new TokenRow.Armed(clock.instant().plus(ARMED));
  }

  /// What came of showing a token.
  public sealed interface Spending {}

  /// It is good, for this identity.
  public record Granted(Identity identity) implements Spending {}

  /// It is not.
  public record Refused(Refusal why) implements Spending {}

  /// Why a token is no good.
  public enum Refusal {
    UNKNOWN,
    USED,
    EXPIRED
  }
}
