package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.AgentState;
import dev.salvor.agent.core.Jitter;
import dev.salvor.agent.core.Memory;
import dev.salvor.agent.core.Moment;
import dev.salvor.agent.core.Outbox;
import dev.salvor.agent.core.Self;
import dev.salvor.agent.link.Endpoint;
import dev.salvor.agent.link.EnrolmentFacts;
import dev.salvor.agent.link.FakeController;
import dev.salvor.agent.link.GrpcLink;
import dev.salvor.agent.link.NettyChannels;
import dev.salvor.agent.link.TestCa;
import dev.salvor.agent.loop.AgentLoop;
import dev.salvor.agent.loop.Inbox;
import dev.salvor.agent.loop.Ports;
import dev.salvor.agent.state.HomeDir;
import dev.salvor.agent.state.MemoryFile;
import dev.salvor.agent.state.PatientStore;
import dev.salvor.agent.state.Spool;
import dev.salvor.common.tls.Credentials;
import dev.salvor.proto.v1.AgentFrame;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Loop, spool and link over real TLS on a line that fails: nothing is lost, nothing out of order,
/// and a dead line is given up.
final class LinkFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path dir;

  private final TestCa ca = new TestCa();
  private final FakeController controller = new FakeController(ca);
  private final Inbox inbox = new Inbox();
  private final NettyChannels channels = new NettyChannels(Set.of(ca.pin()), Clock.systemUTC());
  private volatile List<Endpoint> endpoints = List.of();
  private Server server;
  private FaultProxy line;
  private Spool spool;
  private Thread loop;
  private long reports;

  @BeforeEach
  void start() throws IOException {
    server = serve();
    line = new FaultProxy(server.getPort());
    endpoints = List.of(new Endpoint("127.0.0.1", line.port()));
    HomeDir home = new HomeDir(dir);
    spool = Spool.open(home);
    loop = startLoop(home);
  }

  @AfterEach
  void stop() throws Exception {
    inbox.put(new AgentEvent.Terminated("the test is over"));
    loop.join(PATIENCE);
    line.close();
    channels.close();
    server.shutdownNow();
    spool.close();
  }

  @Test
  void line_that_is_cut_again_and_again_loses_nothing_and_keeps_the_order() {
    for (int cut = 0; cut < 5; cut++) {
      report(20);
      int before = controller.streams();
      Await.until("a stream", PATIENCE, () -> controller.streams() > 0);
      report(20);
      line.cut();
      report(20);
      Await.until("the next stream", PATIENCE, () -> controller.streams() > before);
    }
    awaitAll();
    assertThat(spool.waitingBytes()).isZero();
  }

  @Test
  void stalled_line_is_given_up_and_what_it_held_comes_over_the_next() {
    assumeTrue(Boolean.getBoolean("salvor.full"), "ten seconds of silence: only in the full check");
    report(5);
    awaitAll();
    line.stall();
    report(5);
    Await.until("a second stream", PATIENCE, () -> controller.streams() == 2);
    awaitAll();
  }

  @Test
  void half_open_line_is_given_up_though_it_looks_alive() {
    assumeTrue(Boolean.getBoolean("salvor.full"), "ten seconds of silence: only in the full check");
    report(5);
    awaitAll();
    line.halfOpen();
    report(5);
    Await.until("a second stream", PATIENCE, () -> controller.streams() == 2);
    awaitAll();
  }

  @Test
  void endpoint_that_moves_is_found_at_the_next_dial() throws IOException {
    report(1);
    awaitAll();
    try (FaultProxy moved = new FaultProxy(server.getPort())) {
      line.close();
      report(1);
      endpoints = List.of(new Endpoint("127.0.0.1", moved.port()));
      awaitAll();
    }
  }

  private void report(int count) {
    for (int i = 0; i < count; i++) {
      inbox.put(new AgentEvent.CarryFailed("order-" + ++reports, "told to fail"));
    }
  }

  /// Every report came, each for the first time in its order.
  private void awaitAll() {
    Await.until("all " + reports + " reports", PATIENCE, () -> heard().size() == reports);
    assertThat(heard()).isEqualTo(LongStream.rangeClosed(1, reports).boxed().toList());
    Await.until("the spool to be empty", PATIENCE, () -> spool.waitingBytes() == 0);
  }

  private List<Long> heard() {
    return controller.events().stream().map(AgentFrame::getSeq).distinct().toList();
  }

  private Thread startLoop(HomeDir home) throws IOException {
    MemoryFile memory = new MemoryFile(home);
    Credentials self = ca.server();
    GrpcLink link =
        new GrpcLink(
            new GrpcLink.Wiring(
                channels,
                () -> endpoints,
                new EnrolmentFacts("t", "demo", 1, "", 1),
                Clock.systemUTC()),
            _ -> self,
            seq -> spool.after(seq).map(Spool.Entry::content),
            task -> Thread.ofPlatform().daemon(true).start(task));
    Ports ports =
        new Ports(
            new DiskStore(
                memory, spool, new PatientStore(spool, home.ballast()), dir, DiskStore.LIMITS),
            new LinkAdapter(link),
            _ -> {},
            _ -> {},
            () -> {},
            _ -> {},
            () -> {});
    long begun = System.nanoTime();
    AgentState state =
        AgentState.restored(
            new Self(1, "boot", "test", false),
            Memory.fresh(1),
            new AgentState.Spooled(new Outbox(0, 0), List.of()),
            new Jitter(7),
            new Moment(0, 0));
    AgentLoop agent =
        new AgentLoop(
            state,
            inbox,
            ports,
            () -> new Moment((System.nanoTime() - begun) / 1_000_000, System.currentTimeMillis()));
    return Thread.ofPlatform()
        .start(() -> {
          try {
            int exit = agent.run();
            assertThat(exit).isZero();
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private Server serve() throws IOException {
    Credentials as = ca.server();
    SslContextBuilder tls =
        SslContextBuilder.forServer(as.key(), as.chain().toArray(new X509Certificate[0]))
            .trustManager(ca.certificate())
            .clientAuth(ClientAuth.OPTIONAL);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build());
    controller.services().forEach(builder::addService);
    return builder.build().start();
  }
}
