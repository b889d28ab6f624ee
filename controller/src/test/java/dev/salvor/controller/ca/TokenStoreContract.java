package dev.salvor.controller.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.core.RentalRef;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What every token store promises.
public abstract class TokenStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.5Z");
  private static final Sha256 KEY = Sha256.of(new byte[] {7});

  /// An empty store.
  protected abstract TokenStore open() throws CaException;

  /// The same store as a new process would find it.
  protected abstract TokenStore reopen(TokenStore store) throws CaException;

  @Test
  final void a_row_is_there_for_the_next_process() throws CaException {
    TokenStore store = open();
    store.add(row(1));
    TokenRow used = row(2).with(new TokenRow.Used(KEY, NOW, new JoinSequence(4, 5)));
    store.add(used);
    TokenStore again = reopen(store);
    assertThat(again.find(row(1).hash())).contains(row(1));
    assertThat(again.all()).containsExactlyInAnyOrder(row(1), used);
  }

  @Test
  final void a_swap_happens_once() throws CaException {
    TokenStore store = open();
    store.add(row(1));
    TokenRow used = row(1).with(new TokenRow.Used(KEY, NOW, new JoinSequence(4, 5)));
    assertThat(store.swap(row(1), used)).isTrue();
    assertThat(
            store.swap(
                row(1), row(1).with(new TokenRow.Used(row(9).hash(), NOW, JoinSequence.NONE))))
        .isFalse();
    assertThat(reopen(store).find(row(1).hash())).contains(used);
  }

  @Test
  final void a_removed_row_is_gone() throws CaException {
    TokenStore store = open();
    store.add(row(1));
    store.remove(row(1).hash());
    assertThat(store.find(row(1).hash())).isEmpty();
    assertThat(store.swap(row(1), row(1))).isFalse();
    assertThat(reopen(store).all()).isEmpty();
  }

  @Test
  final void a_row_is_added_once() throws CaException {
    TokenStore store = open();
    store.add(row(1));
    assertThatThrownBy(() -> store.add(row(1))).isInstanceOf(IllegalArgumentException.class);
  }

  static TokenRow row(int which) {
    var identity = new Identity("port1", new RunId("run-" + which), new RentalRef(1, which));
    return new TokenRow(Sha256.of(new byte[] {(byte) which}), identity, new TokenRow.Armed(NOW));
  }
}
