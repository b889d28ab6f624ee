package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.ca.Alarm;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.Enrolment;
import dev.salvor.controller.ca.FileTokenStore;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.JoinToken;
import dev.salvor.controller.ca.JoinTokens;
import dev.salvor.controller.ca.SetClock;
import dev.salvor.controller.ca.Standing;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.main.CaRegistrar;
import io.grpc.ManagedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A whole intake on loopback, with a real authority and fakes behind it.
final class TestIntake implements AutoCloseable {
  static final RunId RUN = new RunId("tide");

  /// Certificates are checked by the JDK against the real time: so this clock begins now.
  final SetClock clock = new SetClock(Instant.now());

  final FakeHarbour harbour = new FakeHarbour();
  final FakeDesk desk = new FakeDesk();
  final Set<Identity> unlisted = ConcurrentHashMap.newKeySet();
  final Set<Caller> revoked = ConcurrentHashMap.newKeySet();
  final List<Alarm> alarms = new CopyOnWriteArrayList<>();
  final CertificateAuthority authority;
  final JoinTokens tokens;
  final IntakeServer server;
  private final IntakeServer.Ports ports;
  private final List<ManagedChannel> channels = new ArrayList<>();

  TestIntake(Path dir) throws Exception {
    // As long as any test: none is about it.
    this(dir, new IntakeServer.Keepalive(Duration.ofMinutes(5), Duration.ofMinutes(5)));
  }

  TestIntake(Path dir, IntakeServer.Keepalive keepalive) throws Exception {
    authority = CertificateAuthority.open(dir.resolve("ca"), "home", clock);
    tokens =
        new JoinTokens(
            FileTokenStore.open(dir.resolve("tokens")), clock, new SecureRandom(), alarms::add);
    var enrolment =
        new Enrolment(
            authority,
            tokens,
            box -> unlisted.contains(box) ? Standing.NOT_LISTED : Standing.LISTED);
    var registrar = new CaRegistrar(authority, enrolment, caller -> !revoked.contains(caller));
    ports = new IntakeServer.Ports(registrar, harbour, desk, clock);
    server =
        IntakeServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls(), ports, keepalive);
  }

  IntakeServer.Ports ports() {
    return ports;
  }

  IntakeServer.Tls tls() {
    CertificateAuthority.Server shown = authority.newServer();
    return new IntakeServer.Tls(shown.key(), shown.chain(), authority.certificate());
  }

  static Identity identity(int generation) {
    return new Identity("home", RUN, new RentalRef(generation, 1));
  }

  static Caller caller(int generation) {
    return new Caller(RUN, new RentalRef(generation, 1));
  }

  JoinToken mint(int generation) throws Exception {
    return tokens.mint(identity(generation));
  }

  /// A box with a certificate for that generation.
  TestBox box(int generation) throws Exception {
    return box(identity(generation));
  }

  TestBox box(Identity identity) throws Exception {
    // As if it had enrolled: its key is bound.
    assertThat(tokens.spend(tokens.mint(identity), Sha256.of(new byte[] {1}), 0))
        .isInstanceOf(JoinTokens.Granted.class);
    return kept(TestBox.certified(server.port(), authority, identity));
  }

  /// A box whose line runs over another port.
  TestBox boxBehind(int port, int generation) throws Exception {
    assertThat(tokens.spend(tokens.mint(identity(generation)), Sha256.of(new byte[] {1}), 0))
        .isInstanceOf(JoinTokens.Granted.class);
    return kept(TestBox.certified(port, authority, identity(generation)));
  }

  /// A box without a certificate.
  TestBox stranger() throws Exception {
    return kept(TestBox.stranger(server.port(), authority));
  }

  TestBox kept(TestBox box) {
    channels.add(box.channel());
    return box;
  }

  /// Looks again and again at what other threads do, until it holds or ten seconds are over.
  static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!holds.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertThat(holds.getAsBoolean()).as(what).isTrue();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
  }
}
