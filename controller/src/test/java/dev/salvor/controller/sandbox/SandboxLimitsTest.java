package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The platform's rate limits, where they are switched on.
final class SandboxLimitsTest {
  @Test
  void a_second_request_too_soon_is_429_in_plain_text(@TempDir Path home) throws Exception {
    try (var rig = SandboxRig.open(home, SandboxRig.manner(true, true))) {
      assertThat(rig.send("GET", "/api/v1/instances/", "").statusCode()).isEqualTo(200);
      var second = rig.send("GET", "/api/v1/instances/", "");
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.body()).startsWith("API requests too frequent");
      assertThat(rig.send("POST", "/api/v0/bundles/", "{}").statusCode()).isEqualTo(200);
    }
  }
}
