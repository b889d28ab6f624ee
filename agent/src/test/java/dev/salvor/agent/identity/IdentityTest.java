package dev.salvor.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.agent.link.TestCa;
import dev.salvor.common.tls.CertificateIssuer;
import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.IssueException;
import dev.salvor.common.tls.Issued;
import dev.salvor.common.tls.SpkiPin;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class IdentityTest {
  private static final Instant BORN = Instant.parse("2026-01-01T00:00:00Z");

  private final TestCa ca = new TestCa();
  private final FakeIssuer issuer = new FakeIssuer();
  private final Map<String, String> disk = new HashMap<>();
  private Instant time = BORN;

  @Test
  void enrols_once_and_remembers() throws IssueException {
    Credentials first = at(BORN).credentials(issuer);
    Credentials again = at(BORN.plusSeconds(60)).credentials(issuer);

    assertThat(issuer.enrolled).hasSize(1);
    assertThat(again.leaf()).isEqualTo(first.leaf());
  }

  @Test
  void enrols_with_the_same_key_after_a_crash_between_answer_and_disk() throws IssueException {
    at(BORN).credentials(issuer);
    disk.remove("identity/chain.pem");

    at(BORN).credentials(issuer);

    assertThat(issuer.enrolled).hasSize(2);
    assertThat(issuer.enrolled.get(0)).isEqualTo(issuer.enrolled.get(1));
  }

  @Test
  void renews_with_a_new_key_past_half_life_and_not_before() throws IssueException {
    Credentials first = at(BORN).credentials(issuer);
    at(BORN.plusSeconds(20 * 60)).credentials(issuer);
    assertThat(issuer.renewals).isZero();

    Credentials renewed = at(BORN.plusSeconds(37 * 60)).credentials(issuer);

    assertThat(issuer.renewals).isEqualTo(1);
    assertThat(renewed.leaf().getPublicKey()).isNotEqualTo(first.leaf().getPublicKey());
    assertThat(at(BORN.plusSeconds(38 * 60)).credentials(issuer).leaf()).isEqualTo(renewed.leaf());
  }

  @Test
  void goes_on_with_a_certificate_that_holds_when_renewal_fails() throws IssueException {
    Credentials first = at(BORN).credentials(issuer);
    issuer.refusal = Optional.of(IssueException.Kind.UNREACHABLE);

    assertThat(at(BORN.plusSeconds(37 * 60)).credentials(issuer).leaf()).isEqualTo(first.leaf());
  }

  @Test
  void comes_back_from_days_of_pause_by_the_key_it_enrolled_with() throws IssueException {
    at(BORN).credentials(issuer);
    at(BORN.plusSeconds(37 * 60)).credentials(issuer);

    at(BORN.plusSeconds(3 * 86_400)).credentials(issuer);

    assertThat(issuer.enrolled).hasSize(2);
    assertThat(issuer.enrolled.get(0)).isEqualTo(issuer.enrolled.get(1));
  }

  @Test
  void shows_the_number_that_came_with_its_last_certificate() throws IssueException {
    at(BORN).credentials(issuer);
    at(BORN.plusSeconds(37 * 60)).credentials(issuer);
    at(BORN.plusSeconds(3 * 86_400)).credentials(issuer);

    assertThat(issuer.shown).containsExactly(0L, 1L, 2L);
  }

  @Test
  void answer_that_was_lost_leaves_the_number_as_it_was() throws IssueException {
    at(BORN).credentials(issuer);
    issuer.refusal = Optional.of(IssueException.Kind.UNREACHABLE);
    at(BORN.plusSeconds(37 * 60)).credentials(issuer);
    issuer.refusal = Optional.empty();
    at(BORN.plusSeconds(38 * 60)).credentials(issuer);

    assertThat(issuer.shown).containsExactly(0L, 1L);
    assertThat(disk).containsEntry("identity/join-seq", "2\n");
  }

  @Test
  void box_that_lost_its_key_begins_at_zero_with_another_one() throws IssueException {
    at(BORN).credentials(issuer);
    disk.remove("identity/join-key.pem");
    disk.remove("identity/key.pem");

    at(BORN).credentials(issuer);

    assertThat(issuer.shown).containsExactly(0L, 0L);
    assertThat(issuer.enrolled.get(0)).isNotEqualTo(issuer.enrolled.get(1));
  }

  @Test
  void sleep_past_the_end_of_the_certificate_renews_before_the_next_dial() throws IssueException {
    Identity identity = at(BORN);
    identity.credentials(issuer);
    time = BORN.plusSeconds(5 * 3600);
    issuer.now = time;

    Credentials after = identity.credentials(issuer);

    assertThat(after.leaf().getNotAfter().toInstant()).isAfter(time);
    assertThat(issuer.enrolled).hasSize(2);
  }

  @Test
  void clock_that_is_hours_ahead_does_not_enrol_at_each_dial() throws IssueException {
    Identity identity = at(BORN);
    time = BORN.plusSeconds(3 * 3600);

    identity.credentials(issuer);
    identity.credentials(issuer);

    assertThat(issuer.enrolled).hasSize(1);
  }

  @Test
  void clock_that_is_hours_behind_renews_when_the_controller_says_so() throws IssueException {
    Identity identity = at(BORN);
    time = BORN.minusSeconds(3 * 3600);
    identity.credentials(issuer);
    time = time.plusSeconds(37 * 60);
    issuer.now = BORN.plusSeconds(37 * 60);

    identity.credentials(issuer);

    assertThat(issuer.renewals).isEqualTo(1);
  }

  @Test
  void certificate_that_the_controller_would_not_have_is_replaced_by_the_bound_key()
      throws IssueException {
    Identity identity = at(BORN);
    identity.credentials(issuer);

    identity.doubted();
    identity.credentials(issuer);
    identity.credentials(issuer);

    assertThat(issuer.enrolled).hasSize(2);
    assertThat(issuer.enrolled.get(0)).isEqualTo(issuer.enrolled.get(1));
  }

  @Test
  void key_beside_another_keys_certificate_is_not_used() throws IssueException {
    at(BORN).credentials(issuer);
    String old = disk.getOrDefault("identity/chain.pem", "");
    at(BORN.plusSeconds(37 * 60)).credentials(issuer);
    disk.put("identity/chain.pem", old);

    at(BORN.plusSeconds(38 * 60)).credentials(issuer);

    assertThat(issuer.enrolled).hasSize(2);
  }

  @Test
  void certificate_from_another_ca_is_refused() {
    issuer.by = new TestCa();

    assertThatThrownBy(() -> at(BORN).credentials(issuer)).hasMessageContaining("pinned CA");
    assertThat(disk).doesNotContainKey("identity/chain.pem");
  }

  @Test
  void writes_the_files_that_carry_processes_read() throws IssueException {
    at(BORN).credentials(issuer);

    assertThat(disk)
        .containsKeys("identity/key.pem", "identity/chain.pem")
        .containsEntry("identity/ca-pin", ca.pin() + "\n");
  }

  private Identity at(Instant now) {
    issuer.now = now;
    time = now;
    Set<SpkiPin> pins = Set.of(ca.pin());
    return new Identity(new MapStore(disk), pins, new Told(), new Random(1));
  }

  /// Tells what it is told.
  private final class Told extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return time;
    }
  }

  private record MapStore(Map<String, String> files) implements IdentityStore {
    @Override
    public Optional<String> read(String name) {
      return Optional.ofNullable(files.get(name));
    }

    @Override
    public void write(String name, String text) {
      files.put(name, text);
    }
  }

  /// Certifies what it is asked to, unless told to refuse.
  private final class FakeIssuer implements CertificateIssuer {
    private final List<Object> enrolled = new ArrayList<>();
    private final List<Long> shown = new ArrayList<>();
    private int renewals;
    private long seq;
    private Instant now = BORN;
    private TestCa by = ca;
    private Optional<IssueException.Kind> refusal = Optional.empty();

    @Override
    public Issued enrol(byte[] csrDer, long joinSeq) throws IssueException {
      List<X509Certificate> chain = sign(csrDer);
      enrolled.add(chain.getFirst().getPublicKey());
      shown.add(joinSeq);
      return issued(chain);
    }

    @Override
    public Issued renew(byte[] csrDer, Credentials present, long joinSeq) throws IssueException {
      List<X509Certificate> chain = sign(csrDer);
      renewals++;
      shown.add(joinSeq);
      return issued(chain);
    }

    private Issued issued(List<X509Certificate> chain) {
      return new Issued(chain, ++seq, now);
    }

    private List<X509Certificate> sign(byte[] csrDer) throws IssueException {
      if (refusal.isPresent()) {
        throw new IssueException(refusal.get(), "told to refuse");
      }
      return by.sign(csrDer, now);
    }
  }
}
