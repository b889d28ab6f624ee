package dev.salvor.controller.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process that takes cargo, with the flags that a controller in the background has.
final class HarbourProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private HarbourProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Listens when it returns; goes on with what is staged in the place.
  ///
  /// @param thrifty bytes have a price
  static HarbourProcess start(Path place, boolean thrifty) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                CargoHarbour.class.getName(),
                place.toString()));
    if (thrifty) {
      command.add("thrifty");
    }
    Process process =
        new ProcessBuilder(command).redirectError(place.resolve("harbour.log").toFile()).start();
    var said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String endpoint = said.readLine();
    if (endpoint == null) {
      process.destroyForcibly();
      throw new IOException("The harbour did not start; see " + place.resolve("harbour.log"));
    }
    return new HarbourProcess(
        process, Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1)));
  }

  /// On loopback.
  int port() {
    return port;
  }

  double cpuSeconds() throws IOException {
    return Vitals.cpuSeconds(process.pid());
  }

  /// With no chance to end well.
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
