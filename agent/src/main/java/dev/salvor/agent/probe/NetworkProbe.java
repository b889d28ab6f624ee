package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Bytes that went in and out of the box since its container came up: what the platform bills, as
/// far as a box can count it.
///
/// One small file.
public final class NetworkProbe implements Probe {
  private static final String NAME = "network";
  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  // Columns of /proc/net/dev after the name: eight of what came in, eight of what went out.
  private static final int IN = 0;
  private static final int OUT = 8;

  private final Path root;

  public NetworkProbe(Path root) {
    this.root = root;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration period() {
    return PERIOD;
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public List<Reading> read() throws IOException {
    String text =
        SmallFile.read(root.resolve("proc/net/dev"))
            .orElseThrow(() -> new IOException("no /proc/net/dev"));
    Traffic traffic = traffic(text);
    return List.of(
        new Reading.Amount(NAME, "in", traffic.in(), "bytes"),
        new Reading.Amount(NAME, "out", traffic.out(), "bytes"));
  }

  record Traffic(double in, double out) {}

  /// Of every interface but the box's own loop.
  static Traffic traffic(String text) {
    double in = 0;
    double out = 0;
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon < 0 || line.substring(0, colon).strip().equals("lo")) {
        continue;
      }
      String[] columns = line.substring(colon + 1).strip().split("\\s+", -1);
      in += number(columns, IN);
      out += number(columns, OUT);
    }
    return new Traffic(in, out);
  }

  private static double number(String[] columns, int at) {
    boolean digits = at < columns.length && columns[at].matches("[0-9]{1,19}");
    return digits ? Double.parseDouble(columns[at]) : 0;
  }
}
