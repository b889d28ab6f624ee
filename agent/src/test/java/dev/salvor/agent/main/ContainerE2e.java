package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvor.agent.link.FakeController;
import dev.salvor.agent.link.TestCa;
import dev.salvor.common.tls.Credentials;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Gate;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.Order;
import dev.salvor.proto.v1.Proceed;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An image made by our recipe out of the carrier image, in a real container: started by
/// onstart.sh, stopped and started, its second boot goes on where the first was.
final class ContainerE2e {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /// Linking a runtime and packing it takes a minute of processor time.
  private static final Duration PACKING = Duration.ofMinutes(8);

  /// The host's own programs, so that no image must be fetched.
  private static final List<String> SURROUNDINGS =
      List.of(
          "--network",
          "host",
          "--volume",
          "/usr:/usr:ro",
          "--volume",
          "/etc/alternatives:/etc/alternatives:ro",
          "--volume",
          "/etc/ld.so.cache:/etc/ld.so.cache:ro");

  @TempDir Path dir;

  private final TestCa ca = new TestCa();
  private final FakeController controller = new FakeController(ca);
  private final String name = "salvor-test-" + ProcessHandle.current().pid();
  private Server server;

  @BeforeEach
  void build() throws Exception {
    assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    needs(Path.of("/usr/bin/podman"));
    needs(Path.of("/usr/sbin/runc"));
    needs(ROOT.resolve("agent/target/agent.jar"));
    Files.writeString(
        dir.resolve("containers.conf"),
        """
        [containers]
        default_ulimits = ["nofile=20000:20000","nproc=32768:32768"]
        [engine]
        runtime = "runc"
        events_logger = "file"
        cgroup_manager = "cgroupfs"
        """);
    server = serve();
  }

  private static void needs(Path file) {
    boolean there = Files.exists(file);
    if (!there && "all".equals(System.getenv("SALVOR_REQUIRE"))) {
      throw new AssertionError("SALVOR_REQUIRE=all, and no " + file);
    }
    if (!there) {
      System.err.println("SKIPPED: no real container here: " + file + " is missing");
    }
    assumeTrue(there, file + " is missing");
  }

  @AfterEach
  void remove() throws Exception {
    if (server != null) {
      podman("rm", "--force", "--time", "0", name);
      podman("rmi", "--all", "--force");
      server.shutdownNow();
    }
  }

  @Test
  void second_boot_of_a_stopped_container_goes_on_where_the_first_was() throws Exception {
    String carrier =
        said(
            "bash",
            ROOT.resolve("images/carrier.sh").toString(),
            dir + "/carrier.tar",
            dir + "/agent.tar.xz");
    System.err.println(carrier);
    image();
    containers();
    controller.orderAtHello(proceed("boot1"));
    List<String> run = new ArrayList<>(List.of("run", "--detach", "--name", name));
    run.addAll(SURROUNDINGS);
    run.addAll(
        List.of(
            "--env",
            "SALVOR_ENDPOINTS=127.0.0.1:" + server.getPort(),
            "--env",
            "SALVOR_CA_PIN=" + ca.pin(),
            "--env",
            "SALVOR_JOIN_TOKEN=token",
            "--env",
            "SALVOR_RUN=demo",
            "--env",
            "SALVOR_GENERATION=1",
            name));
    podman(run.toArray(String[]::new));
    Await.until("boot 1 runs its job", PATIENCE, () -> started(1));

    podman("stop", "--time", "5", name);
    controller.orderAtHello(proceed("boot2"));
    podman("start", name);

    Await.until("boot 2 runs its job", PATIENCE, () -> started(2));
    assertThat(controller.enrolments()).as("by its key, the token is spent").isEqualTo(1);
    String lines = said("podman", "exec", name, "/usr/bin/cat", "/work/starts");
    assertThat(lines.lines().toList()).containsExactly("boot 1 found 0", "boot 2 found 1");
  }

  private boolean started(int boot) {
    return controller.events().stream()
        .filter(AgentFrame::hasJobStarted)
        .anyMatch(frame -> frame.getJobStarted().getBoot() == boot);
  }

  /// A job that sees what its earlier self left.
  private static Order proceed(String id) {
    return Order.newBuilder()
        .setId(id)
        .setProceed(
            Proceed.newBuilder()
                .setJob(
                    Job.newBuilder()
                        .setCommand(
                            "touch starts; echo boot $SALVOR_BOOT found $(wc -l <starts) >>starts;"
                                + " exec sleep 1000")
                        .setWorkdir("/work")
                        .setGate(Gate.newBuilder().setCommand("test -d /opt/salvor"))))
        .build();
  }

  /// By each of the recipes, over a base with nothing in it: no network, so what they install is
  /// left out, and there is the host's. The first is what runs here.
  private void image() throws Exception {
    podman("load", "--quiet", "--input", dir + "/carrier.tar");
    base();
    List<Path> recipes;
    try (Stream<Path> list = Files.list(ROOT.resolve("images/recipes"))) {
      recipes = list.filter(file -> file.toString().contains("pytorch")).sorted().toList();
    }
    assertThat(recipes).hasSize(3);
    for (Path recipe : recipes.reversed()) {
      String text = Files.readString(recipe).replace("\\\n", " ");
      String offline =
          text.lines().filter(line -> !line.startsWith("RUN ")).collect(Collectors.joining("\n"));
      assertThat(offline).contains("COPY --from=carrier");
      Files.writeString(dir.resolve("Containerfile"), offline + "\n");
      podman(
          "build",
          "--quiet",
          "--pull=never",
          "--build-arg",
          "BASE=localhost/" + name + "-base",
          "--tag",
          name,
          "--file",
          dir + "/Containerfile",
          Files.createDirectories(dir.resolve("context")).toString());
    }
  }

  /// Where the host's programs go.
  private void base() throws Exception {
    Path root = Files.createDirectories(dir.resolve("root"));
    for (String place :
        List.of(
            "usr", "etc", "work", "root", "tmp", "var", "workspace", "opt", "proc", "sys", "dev")) {
      Files.createDirectories(root.resolve(place));
    }
    for (String link : List.of("bin", "sbin", "lib", "lib64")) {
      Files.createSymbolicLink(root.resolve(link), Path.of("usr", link));
    }
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/bash\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
    said("tar", "-C", root.toString(), "-cf", dir + "/root.tar", ".");
    podman("import", "--quiet", dir + "/root.tar", name + "-base");
  }

  /// A machine may have the programs and let nobody start a container.
  private void containers() throws Exception {
    List<String> run = new ArrayList<>(List.of("run", "--rm"));
    run.addAll(SURROUNDINGS);
    run.addAll(List.of(name, "/usr/bin/true"));
    try {
      podman(run.toArray(String[]::new));
    } catch (AssertionError e) {
      if ("all".equals(System.getenv("SALVOR_REQUIRE"))) {
        throw e;
      }
      System.err.println("SKIPPED: this machine starts no container: " + e.getMessage());
      assumeTrue(false, "no container starts here");
    }
  }

  private String podman(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("podman"));
    command.addAll(List.of(words));
    return said(command.toArray(String[]::new));
  }

  private String said(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CONTAINERS_CONF", dir.resolve("containers.conf").toString());
    builder.environment().put("CONTAINERS_STORAGE_CONF", storage().toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path out = Files.createTempFile(dir, "said", ".txt");
    Process process = builder.redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(PACKING.toSeconds(), TimeUnit.SECONDS);
    process.destroyForcibly();
    String text = Files.readString(out);
    assertThat(ended && process.exitValue() == 0)
        .as(String.join(" ", command) + "\n" + text)
        .isTrue();
    return text;
  }

  /// A store of its own: nothing of ours is left in anybody's.
  private Path storage() throws IOException {
    return Files.writeString(
        dir.resolve("storage.conf"),
        """
        [storage]
        driver = "vfs"
        graphroot = "%1$s/graph"
        runroot = "%1$s/run"
        """
            .formatted(dir));
  }

  private Server serve() throws IOException {
    Credentials as = ca.server();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                GrpcSslContexts.configure(
                        SslContextBuilder.forServer(
                            as.key(), as.chain().toArray(new X509Certificate[0])),
                        SslProvider.JDK)
                    .trustManager(ca.certificate())
                    .clientAuth(ClientAuth.OPTIONAL)
                    .build());
    controller.services().forEach(builder::addService);
    return builder.build().start();
  }
}
