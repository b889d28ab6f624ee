package dev.salvor.controller.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The agent that one would install to watch a machine's vitals: Prometheus' node_exporter.
final class NodeExporter implements AutoCloseable {
  static final String NAME = "prometheus-node-exporter";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int POLL_MS = 2;

  private final Process process;
  private final URI metrics;
  private final double startedInSeconds;

  private NodeExporter(Process process, URI metrics, double startedInSeconds) {
    this.process = process;
    this.metrics = metrics;
    this.startedInSeconds = startedInSeconds;
  }

  /// Where Debian puts it; empty where it is not installed.
  static Optional<Path> program() {
    return Optional.of(Path.of("/usr/bin", NAME)).filter(Files::isExecutable);
  }

  /// Started, and scraped once.
  static NodeExporter start(Path program) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(program.toString(), "--web.listen-address=127.0.0.1:" + port)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
    while (true) {
      try {
        scrape(metrics);
        return new NodeExporter(process, metrics, (System.nanoTime() - begun) / 1e9);
      } catch (IOException e) {
        if (System.nanoTime() - begun > PATIENCE.toNanos() || !process.isAlive()) {
          process.destroyForcibly();
          throw new IOException(NAME + " does not answer: " + e, e);
        }
        Thread.sleep(POLL_MS);
      }
    }
  }

  double startedInSeconds() {
    return startedInSeconds;
  }

  long pid() {
    return process.pid();
  }

  void scrape() throws IOException {
    scrape(metrics);
  }

  private static void scrape(URI metrics) throws IOException {
    try (InputStream page = metrics.toURL().openStream()) {
      page.readAllBytes();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
