package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.link.FakeController;
import dev.salvor.agent.link.TestCa;
import dev.salvor.common.tls.Credentials;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.JobEnded;
import dev.salvor.proto.v1.Order;
import dev.salvor.proto.v1.Proceed;
import dev.salvor.proto.v1.Quiesce;
import dev.salvor.proto.v1.StopJob;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent in a JVM of its own, against a controller over real TLS.
final class AgentProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path dir;

  private final TestCa ca = new TestCa();
  private final FakeController controller = new FakeController(ca);
  private Server server;
  private Process agent;

  @BeforeEach
  void start() throws IOException {
    server = serve(0);
    agent = startAgent();
  }

  @AfterEach
  void stop() throws Exception {
    agent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    server.shutdownNow();
    for (String line : shimPids()) {
      long pid = Long.parseLong(line);
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void enrols_beats_starts_the_job_and_reports_its_end() {
    controller.orderAtHello(proceed("echo step 3/10 loss=0.5; sleep 1; exit 3"));

    await("the end", () -> ended().isPresent());

    assertThat(controller.enrolments()).isEqualTo(1);
    assertThat(ended().orElseThrow().getCause()).isEqualTo("user-error");
    assertThat(ended().orElseThrow().getExitCode()).isEqualTo(3);
    assertThat(ended().orElseThrow().getTailList()).containsExactly("step 3/10 loss=0.5");
    assertThat(controller.first(f -> f.getBeat().getProgress().getStep() == 3)).isPresent();
    assertThat(controller.first(AgentFrame::hasReadings)).isPresent();

    controller.order(
        Order.newBuilder().setId("q1").setQuiesce(Quiesce.getDefaultInstance()).build());
    await("quiesced", () -> controller.first(AgentFrame::hasQuiesced).isPresent());
  }

  @Test
  void killed_agent_leaves_the_job_and_the_next_one_adopts_it() throws Exception {
    controller.orderAtHello(proceed("echo started >>" + dir + "/starts; sleep 1000"));
    await("the start", () -> controller.first(AgentFrame::hasJobStarted).isPresent());
    long pid = controller.first(AgentFrame::hasJobStarted).orElseThrow().getJobStarted().getPid();

    agent.destroyForcibly().waitFor();
    assertThat(ProcessHandle.of(pid)).isPresent();
    agent = startAgent();
    await("a second hello", () -> hellos() >= 2);
    await(
        "a beat of a running job",
        () ->
            controller.frames().stream()
                .skip(lastHello())
                .anyMatch(f -> f.getBeat().getProgress().getJobRunning()));
    controller.order(
        Order.newBuilder().setId("s1").setStopJob(StopJob.newBuilder().setGraceMs(5000)).build());
    await("the end", () -> ended().isPresent());

    assertThat(ended().orElseThrow().getCause()).isEqualTo("stopped");
    assertThat(Files.readAllLines(dir.resolve("starts"))).hasSize(1);
    assertThat(controller.events().stream().filter(AgentFrame::hasJobStarted)).hasSize(1);
    assertThat(controller.enrolments()).isEqualTo(1);
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void events_of_an_outage_are_replayed_in_order() throws Exception {
    controller.orderAtHello(proceed("until test -e " + dir + "/go; do sleep 0.1; done"));
    await("the start", () -> controller.first(AgentFrame::hasJobStarted).isPresent());
    int port = server.getPort();

    server.shutdownNow().awaitTermination();
    Files.createFile(dir.resolve("go"));
    await("the job's exit status", () -> Files.exists(dir.resolve("home/job/boot-1/exit")));
    server = serve(port);
    await("the end", () -> ended().isPresent());

    assertThat(controller.events().stream().map(AgentFrame::getSeq).distinct())
        .containsExactly(1L, 2L);
  }

  @Test
  void token_spent_by_another_key_ends_the_agent_for_good() throws Exception {
    await("the hello", () -> hellos() >= 1);
    agent.destroyForcibly().waitFor();
    for (String name : List.of("key.pem", "chain.pem", "join-key.pem", "join-key.pub")) {
      Files.delete(dir.resolve("home/identity").resolve(name));
    }

    agent = startAgent();

    assertThat(agent.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(agent.exitValue()).isEqualTo(78);
  }

  /// Enrolled, then paused for three days, over real TLS: the handshake refuses what it has.
  @Test
  void box_whose_certificate_ran_out_three_days_ago_comes_back_by_the_key_it_enrolled_with()
      throws Exception {
    await("the hello", () -> hellos() >= 1);
    agent.destroyForcibly().waitFor();
    Path chain = dir.resolve("home/identity/chain.pem");
    controller.issueFrom(Instant.now().minus(Duration.ofDays(3)));
    Files.delete(chain);
    agent = startAgent();
    await("an expired certificate", () -> Files.exists(chain));
    controller.issueFrom(Instant.now().minusSeconds(300));

    await("another hello", () -> hellos() >= 2);

    assertThat(controller.enrolments()).isGreaterThanOrEqualTo(3);
    assertThat(controller.renewals()).isZero();
    assertThat(said()).doesNotContain("refused this box for good");
  }

  @Test
  void pin_that_does_not_fit_never_leads_to_an_enrolment_elsewhere() throws Exception {
    await("the hello", () -> hellos() >= 1);
    agent.destroyForcibly().waitFor();
    int port = server.getPort();
    server.shutdownNow().awaitTermination();
    TestCa other = new TestCa();
    FakeController impostor = new FakeController(other);
    server = serve(port, other, impostor);

    agent = startAgent();
    await("what it has against it", () -> said().contains("holds no CA with a pinned key"));
    long dials = said().lines().filter(line -> line.contains("pinned key")).count();
    await(
        "some more dials",
        () -> said().lines().filter(line -> line.contains("pinned key")).count() > dials + 3);

    assertThat(impostor.enrolments()).isZero();
    assertThat(impostor.streams()).isZero();
    assertThat(agent.isAlive()).isTrue();
  }

  @Test
  void sigterm_says_goodbye_and_ends_with_zero() throws Exception {
    await("the hello", () -> hellos() >= 1);

    agent.destroy();

    assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(agent.exitValue()).isZero();
    await("the goodbye", () -> controller.first(AgentFrame::hasGoodbye).isPresent());
  }

  private Optional<JobEnded> ended() {
    return controller.first(AgentFrame::hasJobEnded).map(AgentFrame::getJobEnded);
  }

  private long hellos() {
    return controller.frames().stream().filter(AgentFrame::hasHello).count();
  }

  private long lastHello() {
    List<AgentFrame> frames = controller.frames();
    for (int i = frames.size() - 1; i >= 0; i--) {
      if (frames.get(i).hasHello()) {
        return i;
      }
    }
    return 0;
  }

  private void await(String what, BooleanSupplier condition) {
    try {
      Await.until(what, PATIENCE, condition);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the agent said:\n" + said(), e);
    }
  }

  private String said() {
    try {
      return Files.readString(dir.resolve("agent.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Order proceed(String command) {
    return Order.newBuilder()
        .setId("p1")
        .setProceed(
            Proceed.newBuilder()
                .setJob(
                    Job.newBuilder()
                        .setCommand(command)
                        .setWorkdir(dir.resolve("work").toString())))
        .build();
  }

  private Process startAgent() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx32m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.salvor.agent.main.Main",
            "watch",
            "--home",
            dir.resolve("home").toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "SALVOR_ENDPOINTS", "127.0.0.1:" + server.getPort(),
                "SALVOR_CA_PIN", ca.pin().toString(),
                "SALVOR_JOIN_TOKEN", "token",
                "SALVOR_RUN", "demo",
                "SALVOR_GENERATION", "1"));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("agent.log").toFile()))
        .start();
  }

  private Server serve(int port) throws IOException {
    return serve(port, ca, controller);
  }

  private static Server serve(int port, TestCa ca, FakeController controller) throws IOException {
    Credentials as = ca.server();
    SslContext tls =
        GrpcSslContexts.configure(
                SslContextBuilder.forServer(as.key(), as.chain().toArray(new X509Certificate[0])),
                SslProvider.JDK)
            .trustManager(ca.certificate())
            .clientAuth(ClientAuth.OPTIONAL)
            .build();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sslContext(tls);
    controller.services().forEach(builder::addService);
    return builder.build().start();
  }

  private List<String> shimPids() throws IOException {
    Path record = dir.resolve("home/job/boot-1/running");
    if (!Files.exists(record)) {
      return List.of();
    }
    return Files.readAllLines(record).stream()
        .filter(line -> line.startsWith("pid=") || line.startsWith("shim="))
        .map(line -> line.substring(line.indexOf('=') + 1))
        .toList();
  }
}
