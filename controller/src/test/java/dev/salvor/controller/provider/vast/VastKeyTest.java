package dev.salvor.controller.provider.vast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where the account's key is found, in the order of the platform's own client.
class VastKeyTest {
  @TempDir private Path home;

  private String found(Map<String, String> env) {
    return VastKey.find(env, home.toString()).map(k -> k.key().reveal()).orElse("none");
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(home.resolve(file).getParent());
    Files.writeString(home.resolve(file), text);
  }

  @Test
  void the_variable_goes_before_the_files_and_the_session_before_the_key() throws IOException {
    assertThat(found(Map.of())).isEqualTo("none");
    write(".vast_api_key", "old\n");
    assertThat(found(Map.of())).isEqualTo("old");
    write(".config/vastai/vast_api_key", "usual\n");
    assertThat(found(Map.of())).isEqualTo("usual");
    write(".config/vastai/vast_tfa_key", "session\n");
    assertThat(found(Map.of())).isEqualTo("session");
    assertThat(found(Map.of("VAST_API_KEY", " mine "))).isEqualTo("mine");
    write("elsewhere/vastai/vast_api_key", "there");
    assertThat(found(Map.of("XDG_CONFIG_HOME", home.resolve("elsewhere").toString())))
        .isEqualTo("there");
  }

  @Test
  void what_is_no_key_is_passed_over_and_none_is_printed() throws IOException {
    write(".config/vastai/vast_api_key", "two\nlines\n");
    write(".vast_api_key", "  \n");
    assertThat(found(Map.of())).isEqualTo("none");
    assertThat(VastKey.find(Map.of("VAST_API_KEY", "hush"), home.toString()).toString())
        .contains("VAST_API_KEY")
        .doesNotContain("hush");
    assertThat(VastKey.url(Map.of())).isEqualTo("https://console.vast.ai");
  }
}
