package dev.salvor.controller.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
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
    TestRequest other = TestRequest.ofNewKey();
    assertThat(enrolment.enrol(other.der(), token, CLAIM)).isEqualTo(new No(Reason.TOKEN_USED));
    Sha256 key = CertificateRequest.read(other.der()).keyDigest();
    assertThat(alarms).containsExactly(new Alarm.Reused(BOX, key));
  }

  @Test
  void the_number_goes_up_with_each_coming() throws Exception {
    JoinToken token = tokens.mint(BOX);
    TestRequest box = TestRequest.ofNewKey();
    assertThat(seq(enrolment.enrol(box.der(), token, CLAIM))).isEqualTo(1);
    assertThat(seq(enrolment.renew(TestRequest.ofNewKey().der(), BOX, 1))).isEqualTo(2);
    clock.advance(Duration.ofDays(3));
    start();
    assertThat(seq(enrolment.enrol(box.der(), token, showing(2)))).isEqualTo(3);
  }

  @Test
  void an_answer_that_was_lost_costs_nothing_however_often() throws Exception {
    JoinToken token = tokens.mint(BOX);
    TestRequest box = TestRequest.ofNewKey();
    enrolment.enrol(box.der(), token, CLAIM);
    enrolment.enrol(box.der(), token, CLAIM);
    long third = seq(enrolment.enrol(box.der(), token, CLAIM));
    assertThat(seq(enrolment.renew(TestRequest.ofNewKey().der(), BOX, third))).isEqualTo(third + 1);
    assertThat(seq(enrolment.renew(TestRequest.ofNewKey().der(), BOX, third))).isEqualTo(third + 2);
    assertThat(alarms).isEmpty();
  }

  /// Both have key, token and number: the second to come takes the place of the first, and the
  /// first one's next coming shows it.
  @Test
  void a_cloned_disk_is_found_out_and_both_boxes_are_shut_out() throws Exception {
    JoinToken token = tokens.mint(BOX);
    TestRequest key = TestRequest.ofNewKey();
    long shared = seq(enrolment.enrol(key.der(), token, CLAIM));
    long original = seq(enrolment.renew(TestRequest.ofNewKey().der(), BOX, shared));
    long clone = seq(enrolment.enrol(key.der(), token, showing(shared)));

    No shut = new No(Reason.QUARANTINED);
    assertThat(enrolment.renew(TestRequest.ofNewKey().der(), BOX, original)).isEqualTo(shut);

    assertThat(alarms)
        .containsExactly(new Alarm.Cloned(BOX, original, new JoinSequence(shared, clone)));
    assertThat(enrolment.quarantined(BOX)).isTrue();
    assertThat(enrolment.enrol(key.der(), token, showing(clone))).isEqualTo(shut);
    assertThat(enrolment.renew(TestRequest.ofNewKey().der(), BOX, clone)).isEqualTo(shut);
    start();
    assertThat(enrolment.quarantined(BOX)).isTrue();
    assertThat(enrolment.enrol(key.der(), token, showing(original))).isEqualTo(shut);
    assertThat(alarms).hasSize(1);
  }

  @Test
  void a_disk_put_back_to_an_older_state_is_a_clone() throws Exception {
    JoinToken token = tokens.mint(BOX);
    TestRequest key = TestRequest.ofNewKey();
    long old = seq(enrolment.enrol(key.der(), token, CLAIM));
    long next = seq(enrolment.renew(TestRequest.ofNewKey().der(), BOX, old));
    assertThat(seq(enrolment.renew(TestRequest.ofNewKey().der(), BOX, next))).isEqualTo(next + 1);
    assertThat(enrolment.enrol(key.der(), token, showing(old)))
        .isEqualTo(new No(Reason.QUARANTINED));
  }

  @Test
  void a_made_up_number_is_no_way_in() throws Exception {
    JoinToken token = tokens.mint(BOX);
    TestRequest key = TestRequest.ofNewKey();
    assertThat(seq(enrolment.enrol(key.der(), token, showing(Long.MAX_VALUE)))).isEqualTo(1);
    assertThat(enrolment.enrol(key.der(), token, showing(99)))
        .isEqualTo(new No(Reason.QUARANTINED));
  }

  @Test
  void the_token_of_the_runs_present_box_is_armed_while_its_image_is_pulled() throws Exception {
    JoinToken token = tokens.mint(BOX);
    clock.advance(Duration.ofHours(1));
    TestRequest key = TestRequest.ofNewKey();
    assertThat(enrolment.enrol(key.der(), token, CLAIM)).isEqualTo(new No(Reason.TOKEN_EXPIRED));
    standing = Standing.CURRENT;
    assertThat(enrolment.enrol(key.der(), token, new Claim("tide", 3, 0)))
        .isEqualTo(new No(Reason.TOKEN_EXPIRED));
    assertThat(enrolment.enrol(key.der(), token, CLAIM)).isInstanceOf(Yes.class);
  }

  @Test
  void once_its_rental_is_erased_a_box_is_refused_for_good_and_forgotten() throws Exception {
    JoinToken token = tokens.mint(BOX);
    TestRequest key = TestRequest.ofNewKey();
    enrolment.enrol(key.der(), token, CLAIM);
    standing = Standing.GONE;
    assertThat(enrolment.enrol(key.der(), token, showing(1))).isEqualTo(new No(Reason.REVOKED));
    standing = Standing.LISTED;
    assertThat(enrolment.enrol(key.der(), token, showing(1)))
        .isEqualTo(new No(Reason.TOKEN_UNKNOWN));
  }

  private static Claim showing(long joinSeq) {
    return new Claim("tide", 2, joinSeq);
  }

  private static long seq(Answer answer) {
    assertThat(answer).isInstanceOf(Yes.class);
    return ((Yes) answer).joinSeq();
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
