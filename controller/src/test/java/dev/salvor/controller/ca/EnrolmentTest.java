package dev.salvor.controller.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.ca.Enrolment.Answer;
import dev.salvor.controller.ca.Enrolment.Claim;
import dev.salvor.controller.ca.Enrolment.No;
import dev.salvor.controller.ca.Enrolment.Reason;
import dev.salvor.controller.ca.Enrolment.Yes;
import dev.salvor.controller.core.RentalRef;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One token, one key, one rental that the provider lists.
final class EnrolmentTest {
  private static final Identity BOX = new Identity("port1", new RunId("tide"), new RentalRef(2, 1));
  private static final Claim CLAIM = new Claim("tide", 2, 0);

  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));
  private final List<Alarm> alarms = new ArrayList<>();
  private Standing standing = Standing.LISTED;

  @TempDir Path dir;
  private JoinTokens tokens;
  private Enrolment enrolment;

  /// As a new process finds it.
  @BeforeEach
  void start() throws CaException {
    TokenStore store = FileTokenStore.open(dir.resolve("tokens"));
    tokens = new JoinTokens(store, clock, new SecureRandom(), alarms::add);
    CertificateAuthority authority = CertificateAuthority.open(dir.resolve("ca"), "port1", clock);
    enrolment =
        new Enrolment(
            authority, tokens, identity -> identity.equals(BOX) ? standing : Standing.NOT_LISTED);
  }

  @Test
  void a_token_makes_a_key_the_box() throws Exception {
    JoinToken token = tokens.mint(BOX);
    Answer answer = enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM);
    assertThat(answer).isInstanceOf(Yes.class);
    assertThat(Identity.of(((Yes) answer).chain().getFirst())).contains(BOX);
  }

  @Test
  void the_same_key_may_ask_again_after_days_and_across_a_restart() throws Exception {
    JoinToken token = tokens.mint(BOX);
    TestRequest box = TestRequest.ofNewKey();
    assertThat(enrolment.enrol(box.der(), token, CLAIM)).isInstanceOf(Yes.class);
    clock.advance(Duration.ofDays(3));
    start();
    assertThat(enrolment.enrol(box.der(), token, CLAIM)).isInstanceOf(Yes.class);
    assertThat(alarms).isEmpty();
  }

  @Test
  void another_key_with_a_used_token_is_refused_and_raises_an_alarm() throws Exception {
    JoinToken token = tokens.mint(BOX);
    enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM);
    assertThat(enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM))
        .isEqualTo(new No(Reason.TOKEN_USED));
    assertThat(alarms).containsExactly(new Alarm.Reused(BOX));
  }

  @Test
  void of_many_keys_at_once_one_gets_in() throws Exception {
    JoinToken token = tokens.mint(BOX);
    List<Callable<Answer>> rush = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      byte[] csr = TestRequest.ofNewKey().der();
      rush.add(() -> enrolment.enrol(csr, token, CLAIM));
    }
    int in = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(rush)) {
        in += answer.get() instanceof Yes ? 1 : 0;
      }
    }
    assertThat(in).isEqualTo(1);
  }

  @Test
  void a_token_runs_out_and_is_good_again_once_armed() throws Exception {
    JoinToken token = tokens.mint(BOX);
    TestRequest box = TestRequest.ofNewKey();
    clock.advance(Duration.ofMinutes(15).plusMillis(1));
    assertThat(enrolment.enrol(box.der(), token, CLAIM)).isEqualTo(new No(Reason.TOKEN_EXPIRED));
    assertThat(tokens.arm(BOX)).isTrue();
    clock.advance(Duration.ofMinutes(15));
    assertThat(enrolment.enrol(box.der(), token, CLAIM)).isInstanceOf(Yes.class);
  }

  @Test
  void a_used_token_is_never_armed_again() throws Exception {
    JoinToken token = tokens.mint(BOX);
    enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM);
    assertThat(tokens.arm(BOX)).isFalse();
    assertThat(enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM))
        .isEqualTo(new No(Reason.TOKEN_USED));
  }

  @Test
  void a_rental_that_is_not_listed_yet_spends_nothing() throws Exception {
    JoinToken token = tokens.mint(BOX);
    standing = Standing.NOT_LISTED;
    assertThat(enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM))
        .isEqualTo(new No(Reason.NOT_LISTED));
    standing = Standing.LISTED;
    assertThat(enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM)).isInstanceOf(Yes.class);
  }

  @Test
  void a_made_up_token_or_one_of_another_run_is_unknown() throws Exception {
    JoinToken token = tokens.mint(BOX);
    byte[] csr = TestRequest.ofNewKey().der();
    No unknown = new No(Reason.TOKEN_UNKNOWN);
    assertThat(enrolment.enrol(csr, new JoinToken(""), CLAIM)).isEqualTo(unknown);
    assertThat(enrolment.enrol(csr, new JoinToken("0".repeat(32)), CLAIM)).isEqualTo(unknown);
    assertThat(enrolment.enrol(csr, token, new Claim("other", 2, 0))).isEqualTo(unknown);
    assertThat(enrolment.enrol(csr, token, new Claim("tide", 3, 0))).isEqualTo(unknown);
    assertThat(enrolment.enrol(csr, token, CLAIM)).isInstanceOf(Yes.class);
  }

  @Test
  void a_bad_request_spends_nothing() throws Exception {
    JoinToken token = tokens.mint(BOX);
    assertThatThrownBy(() -> enrolment.enrol(new byte[] {1}, token, CLAIM))
        .isInstanceOf(CaException.class);
    assertThat(enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM)).isInstanceOf(Yes.class);
  }

  @Test
  void once_forgotten_nobody_enrols_for_it() throws Exception {
    JoinToken token = tokens.mint(BOX);
    tokens.forget(BOX);
    assertThat(enrolment.enrol(TestRequest.ofNewKey().der(), token, CLAIM))
        .isEqualTo(new No(Reason.TOKEN_UNKNOWN));
  }
}
