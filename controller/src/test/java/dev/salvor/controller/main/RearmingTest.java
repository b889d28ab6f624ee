package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.ca.FileTokenStore;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.JoinToken;
import dev.salvor.controller.ca.JoinTokens;
import dev.salvor.controller.ca.SetClock;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.main.Rearming.Came;
import dev.salvor.controller.tunnel.Door;
import dev.salvor.controller.tunnel.Ssh;
import dev.salvor.controller.tunnel.Tunnel;
import dev.salvor.controller.tunnel.TunnelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A box that lost its key is given a new token, and nobody else is.
class RearmingTest {
  private static final Identity BOX = new Identity("home", new RunId("tide"), new RentalRef(1, 1));
  private static final InstanceId INSTANCE = new InstanceId(7001);
  private static final byte[] NEW_KEY = {4, 7, 1, 1};
  private static final Sha256 SHOWN = Sha256.of(NEW_KEY);

  private final SetClock clock = new SetClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final FakeBox box = new FakeBox();
  private Optional<InstanceId> present = Optional.of(INSTANCE);
  private Optional<Door> door = Optional.empty();
  private JoinTokens tokens;
  private Rearming rearming;

  @BeforeEach
  void open(@TempDir Path dir) throws Exception {
    var store = FileTokenStore.open(dir.resolve("tokens"));
    tokens = new JoinTokens(store, clock, new SecureRandom(), alarm -> {});
    rearming = new Rearming(_ -> present, _ -> door, box, tokens, clock);
    door =
        Optional.of(
            new Door(
                INSTANCE.toString(),
                new Door.Address("192.0.2.7", 40022, "root", true),
                new Door.Keys(List.of(dir.resolve("key")), dir.resolve("pins"))));
    // As if it had enrolled, with the key that it lost.
    assertThat(tokens.spend(tokens.mint(BOX), Sha256.of(new byte[] {9}), 0))
        .isInstanceOf(JoinTokens.Granted.class);
    box.key = Optional.of(NEW_KEY);
  }

  @Test
  void the_box_that_has_the_shown_key_gets_a_token_that_this_key_can_spend() {
    assertThat(rearming.mend(BOX, SHOWN)).isEqualTo(new Came.Armed());
    JoinToken token = new JoinToken(box.tokens.getFirst().strip());
    assertThat(tokens.look(token, SHOWN)).isEqualTo(new JoinTokens.Granted(BOX, 0));
  }

  @Test
  void a_key_that_the_box_does_not_have_gets_nothing() {
    assertThat(rearming.mend(BOX, Sha256.of(new byte[] {6, 6, 6}))).isEqualTo(new Came.Stranger());
    clock.advance(Duration.ofMinutes(6));
    box.key = Optional.empty();
    assertThat(rearming.mend(BOX, SHOWN)).isEqualTo(new Came.Stranger());
    assertThat(box.tokens).isEmpty();
  }

  @Test
  void a_box_that_is_not_the_runs_present_one_or_has_no_door_gets_nothing() {
    present = Optional.empty();
    assertThat(rearming.mend(BOX, SHOWN)).isInstanceOf(Came.NoWay.class);
    clock.advance(Duration.ofMinutes(6));
    present = Optional.of(INSTANCE);
    door = Optional.empty();
    assertThat(rearming.mend(BOX, SHOWN)).isInstanceOf(Came.NoWay.class);
    clock.advance(Duration.ofMinutes(6));
    assertThat(box.asked).isZero();
  }

  @Test
  void a_box_is_helped_once_in_five_minutes_and_a_failure_is_told_in_its_words() {
    box.fails = true;
    assertThat(rearming.mend(BOX, SHOWN)).isEqualTo(new Came.NoWay("no route to it"));
    box.fails = false;
    assertThat(rearming.mend(BOX, SHOWN)).isEqualTo(new Came.JustNow());
    clock.advance(Duration.ofMinutes(5));
    assertThat(rearming.mend(BOX, SHOWN)).isEqualTo(new Came.Armed());
  }

  /// What ssh would find there: a key, and a place for a token.
  private static final class FakeBox implements Ssh {
    private final List<String> tokens = new ArrayList<>();
    private Optional<byte[]> key = Optional.empty();
    private boolean fails;
    private int asked;

    @Override
    public Said exec(Door door, String command, InputStream stdin, Duration patience)
        throws TunnelException {
      asked++;
      if (fails) {
        throw new TunnelException(TunnelException.Kind.UNREACHABLE, "no route to it", null);
      }
      if (command.contains("identity/join-key.pub")) {
        String text = key.map(Base64.getEncoder()::encodeToString).orElse("");
        return new Said(0, "Welcome!\nsalvor:" + text + "\n", "");
      }
      assertThat(command).contains("/join-token");
      try {
        tokens.add(new String(stdin.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Said(0, "", "");
    }

    @Override
    public Tunnel tunnel(Door door, String name, int local) {
      throw new AssertionError("nobody asks for a tunnel");
    }
  }
}
