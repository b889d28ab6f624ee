package dev.salvor.agent.main;

import dev.salvor.agent.identity.SelfTestCa;
import dev.salvor.agent.link.LoopbackController;
import dev.salvor.common.disk.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A whole short life of the watcher against a controller on loopback: shows that this box can run
/// it, and is what an AOT cache is made from. Touches nothing outside a directory of its own.
final class SelfTest {
  private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);

  /// Some seconds on a box that is idle; a training job takes every processor there is.
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  /// The exit code of Watch.run after a revocation.
  private static final int REVOKED = 78;

  private static final int LAST_WORDS_S = 10;

  private SelfTest() {}

  /// Returns the exit code: 0 when everything was heard that a life has.
  static int run() throws IOException, InterruptedException {
    Path place = Files.createTempDirectory("salvor-selftest");
    Process controller = startController();
    try (BufferedReader said = controller.inputReader(StandardCharsets.US_ASCII)) {
      Optional<String> where = Optional.ofNullable(said.readLine());
      String[] words = where.orElse("").split(" ", -1);
      if (words.length != 2) {
        throw new IOException(
            "The self-test's controller did not start: " + where.orElse("silent"));
      }
      int exit = watch(options(place, words[0], words[1]));
      boolean heard = controller.waitFor(LAST_WORDS_S, TimeUnit.SECONDS);
      boolean whole = exit == REVOKED && heard && controller.exitValue() == 0;
      LOG.atInfo().addKeyValue("exit", exit).log(whole ? "self-test passed" : "self-test failed");
      return whole ? 0 : 1;
    } finally {
      controller.destroyForcibly();
      Trees.remove(place);
    }
  }

  /// The other side of it: says its port and pin, and returns 0 once it heard everything.
  static int controller() throws IOException, InterruptedException {
    try {
      SelfTestCa ca = SelfTestCa.create(Instant.now());
      try (LoopbackController controller =
          new LoopbackController(ca.controller(), ca.certificate(), ca::sign)) {
        System.out.println(controller.port() + " " + ca.pin());
        boolean over = controller.awaitEnd(DEADLINE);
        LOG.atInfo().addKeyValue("missing", controller.missing()).log("what the self-test heard");
        return over && controller.missing().isEmpty() ? 0 : 1;
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("This Java runtime lacks what TLS needs: " + e, e);
    }
  }

  /// A process of its own, so that the watcher's loads what a watcher needs and no more.
  private static Process startController() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx48m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "selftest",
            "controller");
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static Options options(Path place, String port, String pin) {
    return Options.read(
        List.of("--home", place.resolve("home").toString()),
        Map.of(
            "SALVOR_CA_PIN",
            pin,
            "SALVOR_JOIN_TOKEN",
            "self-test",
            "SALVOR_RUN",
            "self-test",
            "SALVOR_GENERATION",
            "1",
            "SALVOR_ROOT",
            place.toString(),
            "SALVOR_ENDPOINTS",
            "127.0.0.1:" + port));
  }

  private static int watch(Options options) throws InterruptedException {
    int[] exit = {-1};
    CountDownLatch over = new CountDownLatch(1);
    Thread.ofPlatform()
        .name("watch")
        .daemon(true)
        .start(() -> {
          try {
            exit[0] = Watch.run(options);
          } catch (IOException | InterruptedException e) {
            LOG.atError().log("the watcher failed: " + e);
          } finally {
            over.countDown();
          }
        });
    boolean inTime = over.await(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    return inTime ? exit[0] : -1;
  }
}
