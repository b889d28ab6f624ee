package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose network is down.
class DefaultRouteTest {
  private static final String HEAD =
      "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

  @TempDir Path dir;

  @Test
  void a_machine_without_a_default_route_is_told_as_such() throws IOException {
    Path v4 = file("v4", HEAD + "eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
    String loopback = "0".repeat(32) + " 00 " + "0".repeat(32) + " 00 ffffffff 00000001 lo\n";
    assertThat(DefaultRoute.words(v4, file("v6", loopback))).contains("no default route");
  }

  @Test
  void with_one_of_either_kind_there_is_nothing_to_say() throws IOException {
    Path none = file("none", HEAD);
    Path four = file("v4", HEAD + "eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
    String any = "0".repeat(32) + " 00 " + "0".repeat(32) + " 00 fe80 00000001     eth0\n";
    assertThat(DefaultRoute.words(four, dir.resolve("absent"))).isEmpty();
    assertThat(DefaultRoute.words(none, file("v6", any))).isEmpty();
    assertThat(DefaultRoute.words(dir.resolve("absent"), dir.resolve("absent"))).isEmpty();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }
}
