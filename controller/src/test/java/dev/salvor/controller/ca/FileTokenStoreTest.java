package dev.salvor.controller.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens in files keep the contract, and a torn write is none.
final class FileTokenStoreTest extends TokenStoreContract {
  @TempDir Path dir;

  @Override
  protected TokenStore open() throws CaException {
    return FileTokenStore.open(dir);
  }

  @Override
  protected TokenStore reopen(TokenStore store) throws CaException {
    return FileTokenStore.open(dir);
  }

  @Test
  void a_write_that_a_crash_cut_short_never_was() throws Exception {
    TokenStore store = open();
    store.add(row(1));
    Files.writeString(dir.resolve(row(1).hash().hex() + ".json.tmp"), "{\"hash\":");
    TokenStore again = reopen(store);
    assertThat(again.all()).containsExactly(row(1));
    assertThat(again.swap(row(1), row(1).with(new TokenRow.Armed(java.time.Instant.MAX)))).isTrue();
  }

  @Test
  void a_damaged_row_is_named() throws Exception {
    Files.writeString(dir.resolve("x.json"), "{}");
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            CaException.class, e -> assertThat(e.kind()).isEqualTo(CaException.Kind.DAMAGED))
        .hasMessageContaining("x.json");
  }

  @Test
  void no_file_holds_a_token() throws Exception {
    var tokens =
        new JoinTokens(
            open(),
            new SetClock(java.time.Instant.EPOCH),
            new java.security.SecureRandom(),
            _ -> {});
    JoinToken token = tokens.mint(row(1).identity());
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        assertThat(file.getFileName() + Files.readString(file)).doesNotContain(token.secret());
      }
    }
    assertThat(token.toString()).doesNotContain(token.secret());
    assertThat(token.secret()).matches("[0-9a-f]{32}");
  }
}
