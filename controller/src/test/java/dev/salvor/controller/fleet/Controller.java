package dev.salvor.controller.fleet;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The real controller, as the verbs start it, on a state directory that was made for it.
record Controller(Process process, int port, Path log) implements AutoCloseable {
  private static final Duration UP = Duration.ofSeconds(90);
  private static final double TICKS_PER_S = 100;

  static Controller start(Path installation, Path place, String market)
      throws IOException, InterruptedException {
    int port = freePort();
    Path key = Files.writeString(place.resolve("key"), "bench");
    Path log = place.resolve("controller.log");
    String endpoint = "127.0.0.1:" + port;
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dsalvor.home=" + installation,
            "-jar",
            installation.resolve("controller/target/controller.jar").toString(),
            "controller",
            "--state-dir",
            place.resolve("s").toString(),
            "--provider-url",
            market,
            "--api-key-file",
            key.toString(),
            "--listen",
            endpoint,
            "--public",
            endpoint);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Controller controller = new Controller(process, port, log);
    controller.awaitUp();
    return controller;
  }

  private void awaitUp() throws IOException, InterruptedException {
    long end = System.nanoTime() + UP.toNanos();
    while (!Files.readString(log).contains("Controller up")) {
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new IOException("The controller did not come up: " + FleetMain.tail(log));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  double rssMb() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
            .findFirst()
            .orElse(0)
        / 1e6;
  }

  /// By the kernel (proc(5)): utime and stime behind the name.
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_S;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
