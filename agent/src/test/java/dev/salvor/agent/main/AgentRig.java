package dev.salvor.agent.main;

import dev.salvor.agent.link.FakeController;
import dev.salvor.agent.link.TestCa;
import dev.salvor.common.tls.Credentials;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// An agent in a JVM of its own below a directory, and its controller over real TLS.
final class AgentRig {
  private final Path dir;
  private final TestCa ca = new TestCa();
  private final FakeController controller = new FakeController(ca);
  private final Map<String, String> env = new HashMap<>();
  private final Server server;
  private Process agent;

  AgentRig(Path dir, Map<String, String> more) throws IOException {
    this.dir = dir;
    this.server = serve();
    env.putAll(
        Map.of(
            "SALVOR_ENDPOINTS", "127.0.0.1:" + server.getPort(),
            "SALVOR_CA_PIN", ca.pin().toString(),
            "SALVOR_JOIN_TOKEN", "token",
            "SALVOR_RUN", "demo",
            "SALVOR_GENERATION", "1"));
    env.putAll(more);
    this.agent = start();
  }

  FakeController controller() {
    return controller;
  }

  /// kill -9, and another one at once, as a supervisor does.
  void killAgent() throws IOException, InterruptedException {
    agent.destroyForcibly().waitFor();
    agent = start();
  }

  boolean agentLives() {
    return agent.isAlive();
  }

  String said() {
    try {
      return Files.readString(dir.resolve("agent.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  void close() throws IOException, InterruptedException {
    boolean ended = agent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    server.shutdownNow();
    for (ProcessHandle left : ofTheJob()) {
      left.destroyForcibly();
    }
    if (!ended) {
      throw new IOException("The agent does not end: " + agent.pid());
    }
  }

  /// Everything that runs with this directory in its command: shims, trainers.
  List<ProcessHandle> ofTheJob() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.pid() != agent.pid())
        .filter(p -> p.info().commandLine().map(c -> c.contains(dir + "/")).orElse(false))
        .toList();
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx48m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.salvor.agent.main.Main",
            "watch",
            "--home",
            dir.resolve("home").toString());
    builder.environment().putAll(env);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("agent.log").toFile()))
        .start();
  }

  private Server serve() throws IOException {
    Credentials as = ca.server();
    SslContext tls =
        GrpcSslContexts.configure(
                SslContextBuilder.forServer(as.key(), as.chain().toArray(new X509Certificate[0])),
                SslProvider.JDK)
            .trustManager(ca.certificate())
            .clientAuth(ClientAuth.OPTIONAL)
            .build();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(tls);
    controller.services().forEach(builder::addService);
    return builder.build().start();
  }
}
