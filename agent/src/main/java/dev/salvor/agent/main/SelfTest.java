package dev.salvor.agent.main;

import dev.salvor.agent.identity.SelfTestCa;
import dev.salvor.agent.link.LoopbackController;
import dev.salvor.common.disk.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/// A whole short life of the watcher against a controller in the same process: shows that this box
/// can run it, and is what an AOT cache is made from. Touches nothing outside a directory of its
/// own.
final class SelfTest {
  /// A loaded box without any cache takes some seconds.
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  /// The exit code of Watch.run after a revocation.
  private static final int REVOKED = 78;

  private SelfTest() {}

  /// Returns the exit code: 0 when everything was heard that a life has.
  static int run() throws IOException, InterruptedException {
    Path place = Files.createTempDirectory("salvor-selftest");
    try {
      return run(place);
    } catch (GeneralSecurityException e) {
      throw new IOException("This Java runtime lacks what TLS needs: " + e, e);
    } finally {
      Trees.remove(place);
    }
  }

  private static int run(Path place)
      throws IOException, GeneralSecurityException, InterruptedException {
    SelfTestCa ca = SelfTestCa.create(Instant.now());
    try (LoopbackController controller =
        new LoopbackController(ca.controller(), ca.certificate(), ca::sign)) {
      Options options =
          Options.read(
              List.of("--home", place.resolve("home").toString()),
              Map.of(
                  "SALVOR_CA_PIN",
                  ca.pin().toString(),
                  "SALVOR_JOIN_TOKEN",
                  "self-test",
                  "SALVOR_RUN",
                  "self-test",
                  "SALVOR_GENERATION",
                  "1",
                  "SALVOR_ROOT",
                  place.toString(),
                  "SALVOR_ENDPOINTS",
                  "127.0.0.1:" + controller.port()));
      int exit = watch(options);
      Set<String> missing = controller.missing();
      boolean whole = exit == REVOKED && missing.isEmpty();
      LoggerFactory.getLogger(SelfTest.class)
          .atInfo()
          .addKeyValue("exit", exit)
          .addKeyValue("missing", missing)
          .log(whole ? "self-test passed" : "self-test failed");
      return whole ? 0 : 1;
    }
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
            LoggerFactory.getLogger(SelfTest.class).atError().log("the watcher failed: " + e);
          } finally {
            over.countDown();
          }
        });
    boolean inTime = over.await(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    return inTime ? exit[0] : -1;
  }
}
