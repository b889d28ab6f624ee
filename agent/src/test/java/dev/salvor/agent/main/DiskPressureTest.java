package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvor.agent.link.FakeController;
import dev.salvor.agent.link.TestCa;
import dev.salvor.common.tls.Credentials;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.CarryOut;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.Order;
import dev.salvor.proto.v1.Proceed;
import dev.salvor.proto.v1.UnitId;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent in a JVM of its own, with its home and its job on a real file system that runs full.
final class DiskPressureTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String FUNCTIONS =
      """
      set -u; cd 'DISK'; mkdir -p work/ckpt work/out cache data
      free() { df --output=avail -k . | tail -1; }
      inodes() { df --output=iavail . | tail -1; }
      gone() { while [ -e "$1" ]; do sleep 0.1; done; echo "$1 is gone"; }
      save() {
        { printf '\\120\\0\\0\\0\\0\\0\\0\\0'
          printf '%-80s' '{"w":{"dtype":"U8","shape":[4000000],"data_offsets":[0,4000000]}}'
          head -c 4000000 /dev/urandom; } >work/ckpt/.tmp && mv work/ckpt/.tmp work/ckpt/step_$1.safetensors
      }
      """;

  @TempDir Path dir;

  private final TestCa ca = new TestCa();
  private final FakeController controller = new FakeController(ca);
  private final List<Process> started = new ArrayList<>();
  private Server server;

  @BeforeAll
  static void namespaces() {
    boolean possible = SmallDisk.isPossible();
    if (!possible && "all".equals(System.getenv("SALVOR_REQUIRE"))) {
      throw new AssertionError("SALVOR_REQUIRE=all, and no user and mount namespaces here");
    }
    if (!possible) {
      System.err.println("SKIPPED: no user and mount namespaces here");
    }
    assumeTrue(possible, "no user and mount namespaces here");
  }

  @BeforeEach
  void serve() throws IOException {
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
    server = builder.build().start();
  }

  @AfterEach
  void stop() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    server.shutdownNow();
  }

  @Test
  void full_of_bytes_the_job_gets_scratch_and_pins_and_a_person_is_told_and_the_agent_goes_on()
      throws Exception {
    try (SmallDisk disk = SmallDisk.at(dir.resolve("disk"), "size=64m");
        Ends _ = new Ends(disk)) {
      Process agent = start(disk);
      controller.orderAtHello(
          proceed(
              disk,
              """
              fill() { while [ $(free) -gt $1 ]; do head -c 500000 /dev/zero >>data/all; done; }
              save 1; while [ ! -d work/.salvor/pins/g* ]; do sleep 0.1; done; echo "pinned"
              head -c 15000000 /dev/zero >cache/big; rm work/ckpt/step_1.safetensors
              fill 4000; gone cache/big; echo "got $(free) KB from scratch"
              fill 4000; while [ -d work/.salvor/pins/g* ]; do sleep 0.1; done
              echo "got $(free) KB from pins"
              while [ ! -e go ]; do cat /dev/zero >>data/all 2>/dev/null; sleep 0.02; done
              rm -r data go; save 2; echo saved
              """));
      await(agent, "the notice", () -> notice("disk-bytes-1"));
      long beats = beats();
      for (int i = 1; i <= 60; i++) {
        controller.order(unknown("full-" + i));
      }
      await(agent, "answers while full", () -> failed() == 60);
      await(agent, "beats while full", () -> beats() > beats + 10);
      int waited = count("the disk takes nothing; this agent goes on");
      goOn(agent, disk);
      assertThat(text(disk.inside("home/job/log"))).contains("from scratch", "from pins", "saved");
      assertThat(waited).isPositive();
      await(agent, "writes again", () -> count("the disk takes our writes again") > 0);
      restartedAgentTellsNothingTwice(agent, disk);
      System.out.println("DiskPressureTest: MEASURED " + lines(disk));
    }
  }

  @Test
  void full_of_inodes_the_job_gets_scratch_and_a_person_is_told_and_the_agent_goes_on()
      throws Exception {
    assumeTrue(
        Boolean.getBoolean("salvor.full"), "only in the full check: bytes do in every build");
    try (SmallDisk disk = SmallDisk.at(dir.resolve("disk"), "size=64m,nr_inodes=500");
        Ends _ = new Ends(disk)) {
      Process agent = start(disk);
      controller.orderAtHello(
          proceed(
              disk,
              """
              i=0; more() { i=$((i + 1)); : >$1/$i; }
              save 1; while [ ! -d work/.salvor/pins/g* ]; do sleep 0.1; done; echo "pinned"
              while [ $i -lt 150 ]; do more cache; done
              while [ $(inodes) -gt 12 ]; do more data; done
              gone cache/1; echo "got $(inodes) inodes from scratch"
              while [ ! -e go ]; do more data 2>/dev/null; [ $(inodes) -gt 1 ] || sleep 0.05; done
              rm -r data go; save 2; echo saved
              """));
      await(agent, "the notice", () -> notice("disk-inodes-1"));
      long beats = beats();
      for (int i = 1; i <= 60; i++) {
        controller.order(unknown("full-" + i));
      }
      await(agent, "answers while full", () -> failed() == 60);
      await(agent, "beats while full", () -> beats() > beats + 10);
      goOn(agent, disk);
      assertThat(text(disk.inside("home/job/log"))).contains("from scratch", "saved");
      restartedAgentTellsNothingTwice(agent, disk);
      System.out.println("DiskPressureTest: MEASURED " + lines(disk));
    }
  }

  /// There is room again: the job saves and ends, all of it is told, and the agent never went.
  private void goOn(Process agent, SmallDisk disk) throws IOException {
    replaceWithGo(disk);
    await(
        agent,
        "the second checkpoint",
        () -> controller.first(f -> f.getUnitSeen().getStep() == 2).isPresent());
    await(agent, "the job's end", () -> controller.first(AgentFrame::hasJobEnded).isPresent());
    assertThat(controller.first(AgentFrame::hasJobEnded).orElseThrow().getJobEnded().getCause())
        .isEqualTo("done");
    assertThat(agent.isAlive()).isTrue();
    assertThat(controller.enrolments()).isEqualTo(1);
    assertThat(seqs()).isEqualTo(LongStream.rangeClosed(1, seqs().size()).boxed().toList());
  }

  /// A new name may want an inode that nobody has: one of the job's is renamed.
  private static void replaceWithGo(SmallDisk disk) throws IOException {
    try (var some = Files.list(disk.inside("data"))) {
      Files.move(some.findFirst().orElseThrow(), disk.inside("go"));
    }
  }

  private void restartedAgentTellsNothingTwice(Process agent, SmallDisk disk) throws Exception {
    List<Long> before = seqs();
    agent.destroyForcibly().waitFor();
    Process next = start(disk);
    await(next, "a second hello", () -> hellos() >= 2);
    long beats = beats();
    await(next, "beats", () -> beats() > beats + 3);
    assertThat(seqs()).isEqualTo(before);
  }

  private Process start(SmallDisk disk) throws IOException {
    List<String> command = new ArrayList<>(disk.entered());
    command.addAll(
        List.of(
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
            disk.place().resolve("home").toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "SALVOR_ENDPOINTS", "127.0.0.1:" + server.getPort(),
                "SALVOR_CA_PIN", ca.pin().toString(),
                "SALVOR_JOIN_TOKEN", "token",
                "SALVOR_RUN", "demo",
                "SALVOR_GENERATION", "1"));
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("agent.log").toFile()))
            .start();
    started.add(process);
    return process;
  }

  private static Order proceed(SmallDisk disk, String script) {
    String place = disk.place().toString();
    return Order.newBuilder()
        .setId("p1")
        .setProceed(
            Proceed.newBuilder()
                .setJob(
                    Job.newBuilder()
                        .setCommand(FUNCTIONS.replace("DISK", place) + script)
                        .setWorkdir(place)
                        .addScratch(place + "/cache/**")
                        .addCheckpointRoots(place + "/work/ckpt")
                        .addResultRoots(place + "/work/out")))
        .build();
  }

  private static Order unknown(String id) {
    UnitId unit =
        UnitId.newBuilder()
            .setGeneration(1)
            .setBoot(1)
            .setCaptureSeq(99)
            .setManifestDigest(com.google.protobuf.ByteString.copyFrom(new byte[32]))
            .build();
    return Order.newBuilder().setId(id).setCarryOut(CarryOut.newBuilder().setUnit(unit)).build();
  }

  private boolean notice(String key) {
    return controller.first(f -> f.getNotice().getKey().equals(key)).isPresent();
  }

  private long failed() {
    return controller.events().stream()
        .filter(AgentFrame::hasOrderFailed)
        .map(f -> f.getOrderFailed().getOrderId())
        .distinct()
        .count();
  }

  private long beats() {
    return controller.frames().stream().filter(AgentFrame::hasBeat).count();
  }

  private long hellos() {
    return controller.frames().stream().filter(AgentFrame::hasHello).count();
  }

  private List<Long> seqs() {
    return controller.events().stream().map(AgentFrame::getSeq).distinct().toList();
  }

  private int count(String what) {
    return text(dir.resolve("agent.log")).split(java.util.regex.Pattern.quote(what), -1).length - 1;
  }

  private String lines(SmallDisk disk) {
    return text(disk.inside("home/job/log")).replace("\n", "; ")
        + controller.first(AgentFrame::hasNotice).orElseThrow().getNotice();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void await(Process agent, String what, BooleanSupplier condition) {
    try {
      Await.until(
          what,
          PATIENCE,
          () -> {
            assertThat(agent.isAlive()).as("the agent is alive").isTrue();
            return condition.getAsBoolean();
          });
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + "; the agent said:\n" + text(dir.resolve("agent.log")), e);
    }
  }

  /// Ends the job of a disk, whatever its test came to.
  private record Ends(SmallDisk disk) implements AutoCloseable {
    @Override
    public void close() {
      for (String line : text(disk.inside("home/job/boot-1/running")).lines().toList()) {
        if (line.startsWith("pid=") || line.startsWith("shim=")) {
          long pid = Long.parseLong(line.substring(line.indexOf('=') + 1));
          ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    }
  }
}
