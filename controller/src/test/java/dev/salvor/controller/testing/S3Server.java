package dev.salvor.controller.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real S3 server as a process of its own, with its bucket in a directory; it checks every
/// signature and keeps no checksums.
public final class S3Server implements AutoCloseable {
  public static final String KEY_ID = "AKIDLOCAL";
  public static final String KEY = "local-secret-of-tests";
  public static final String BUCKET = "tide";

  private static final Path LIBRARIES = Path.of("s3-server/target/lib").toAbsolutePath();
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final String endpoint;
  private final Path data;

  private S3Server(Process process, String endpoint, Path data) {
    this.process = process;
    this.endpoint = endpoint;
    this.data = data;
  }

  /// Skips the test where the server's jars were not fetched.
  public static S3Server start(Path place) throws IOException {
    Needs.that(Files.isDirectory(LIBRARIES), "there is no S3 server in " + LIBRARIES);
    Path data = Files.createDirectories(place.resolve("s3-data"));
    Files.createDirectories(data.resolve(BUCKET));
    int port = free();
    String endpoint = "http://127.0.0.1:" + port;
    Path config =
        Files.writeString(
            place.resolve("s3.conf"),
            """
            s3proxy.endpoint=%s
            s3proxy.authorization=aws-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            jclouds.provider=filesystem
            jclouds.filesystem.basedir=%s
            """
                .formatted(endpoint, KEY_ID, KEY, data));
    // Its own log would be a gigabyte: warnings are enough.
    Path logging =
        Files.writeString(
            place.resolve("s3-logback.xml"),
            "<configuration><root level=\"OFF\"/></configuration>");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-Xmx192m",
                    "-XX:TieredStopAtLevel=1",
                    "-Dlogback.configurationFile=" + logging,
                    "-cp",
                    LIBRARIES + "/*",
                    "org.gaul.s3proxy.Main",
                    "--properties",
                    config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(place.resolve("s3.log").toFile())
            .start();
    S3Server server = new S3Server(process, endpoint, data);
    server.awaitListening(port);
    return server;
  }

  private void awaitListening(int port) throws IOException {
    long deadline = System.nanoTime() + START_NANOS;
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getPort();
        return;
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
    close();
    throw new IOException("The S3 server did not start at " + endpoint);
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  public String endpoint() {
    return endpoint;
  }

  /// The target that it is.
  public String target(String prefix) {
    return "s3://" + BUCKET + "/" + prefix + "?endpoint=" + endpoint;
  }

  /// Where it keeps an object.
  public Path object(String key) {
    return data.resolve(BUCKET).resolve(key);
  }

  public URI uri() {
    return URI.create(endpoint);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
