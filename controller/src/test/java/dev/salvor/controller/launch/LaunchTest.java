package dev.salvor.controller.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a box is started with, and what is refused.
class LaunchTest {
  private static final Sha256 PIN = Sha256.of(new byte[] {1});
  private static final Secret TOKEN = new Secret("join-token-4711");
  private static final Secret API_KEY = new Secret("the-api-key-of-the-account");

  @Test
  void the_packaged_script_is_the_one_in_the_repository_without_what_is_for_readers()
      throws Exception {
    String script = Files.readString(Path.of("../onstart/onstart.sh"), StandardCharsets.UTF_8);
    String rendered = new Launch().render(facts(Map.of())).onstart();
    assertThat(rendered.lines())
        .startsWith("#!/usr/bin/env bash", "set -u")
        .containsExactlyElementsOf(
            script
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("#!") || !(line.isEmpty() || line.startsWith("#")))
                .toList());
    assertThat(rendered.length()).isLessThanOrEqualTo(Launch.MAX_ONSTART_CHARS);
    System.out.println("onstart as rendered: " + rendered.length() + " characters");
  }

  @Test
  void the_environment_says_where_to_and_who() throws Exception {
    Rendered rendered =
        new Launch().render(facts(Map.of("SALVOR_BUNDLE_URL", "https://example.org/b.tgz")));
    assertThat(rendered.env())
        .isEqualTo(
            Map.of(
                "SALVOR_ENDPOINTS", "10.0.0.1:7443,[::1]:7443",
                "SALVOR_CA_PIN", PIN.hex(),
                "SALVOR_JOIN_TOKEN", "join-token-4711",
                "SALVOR_RUN", "demo",
                "SALVOR_GENERATION", "3",
                "SALVOR_BUNDLE_URL", "https://example.org/b.tgz"));
  }

  @Test
  void without_an_endpoint_none_is_set() throws Exception {
    LaunchFacts tunnelled =
        new LaunchFacts(new RunId("demo"), 1, List.of(), PIN, TOKEN, Map.of(), List.of());
    assertThat(new Launch().render(tunnelled).env()).doesNotContainKey("SALVOR_ENDPOINTS");
  }

  @Test
  void neither_facts_nor_what_is_rendered_print_the_token() throws Exception {
    assertThat(facts(Map.of()).toString()).doesNotContain("4711").contains("***");
    assertThat(new Launch().render(facts(Map.of())).toString())
        .doesNotContain("4711")
        .contains("SALVOR_JOIN_TOKEN");
  }

  @Test
  void a_script_at_the_limit_passes_and_one_over_it_does_not() throws Exception {
    String fits = "#!" + "x".repeat(Launch.MAX_ONSTART_CHARS - 2);
    assertThat(new Launch(fits).render(facts(Map.of())).onstart()).isEqualTo(fits);
    assertThatThrownBy(() -> new Launch(fits + "x").render(facts(Map.of())))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("4049 characters and the platform takes 4048");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl -H 'Bearer the-api-key-of-the-account'",
        "T=join-token-4711",
        "export VAST_API_KEY=abc",
        "export AWS_SECRET_ACCESS_KEY='x'",
        "echo '-----BEGIN OPENSSH PRIVATE KEY-----'",
        "K=AKIA" + "ABCDEFGHIJKLMNOP",
        "K=hf_abcdefghijklmnopqrstuvwx",
        "K=ghp" + "_abcdefghijklmnopqrstuvwxyz0123456789",
        "K=sk-proj-abcdefghijklmnopqrstuvwx",
      })
  void a_secret_in_the_script_is_refused_without_repeating_it(String line) {
    assertThatThrownBy(() -> new Launch("#!/bin/bash\n" + line + "\n").render(facts(Map.of())))
        .isInstanceOfSatisfying(
            LaunchException.class,
            e -> assertThat(e.problems()).singleElement().asString().contains("holds a secret"))
        .message()
        .doesNotContain(line);
  }

  @Test
  void a_name_without_a_value_is_no_secret() throws Exception {
    String script =
        "#!/bin/bash\necho \"${VAST_API_KEY:-}\"; X=$CONTAINER_API_KEY VAST_API_KEY=$X y\n";
    assertThat(new Launch(script).render(facts(Map.of())).onstart()).isEqualTo(script);
  }

  @Test
  void windows_line_ends_are_refused() {
    assertThatThrownBy(() -> new Launch("#!/bin/bash\r\ntrue\r\n").render(facts(Map.of())))
        .hasMessageContaining("Windows line ends");
  }

  @Test
  void a_secret_in_the_environment_is_refused_without_repeating_it() {
    Map<String, String> more = Map.of("EXTRA", "x the-api-key-of-the-account");
    assertThatThrownBy(() -> new Launch().render(facts(more)))
        .hasMessageContaining("EXTRA holds a secret")
        .message()
        .doesNotContain("the-api-key");
  }

  @Test
  void all_problems_are_told_at_once() {
    LaunchFacts facts =
        new LaunchFacts(
            new RunId("demo"),
            1,
            List.of("nowhere"),
            PIN,
            TOKEN,
            Map.of("SALVOR_RUN", "other", "-p 80:80", "1"),
            List.of());
    assertThatThrownBy(() -> new Launch("true\r").render(facts))
        .isInstanceOfSatisfying(LaunchException.class, e -> assertThat(e.problems()).hasSize(5));
  }

  private static LaunchFacts facts(Map<String, String> more) {
    return new LaunchFacts(
        new RunId("demo"),
        3,
        List.of("10.0.0.1:7443", "[::1]:7443"),
        PIN,
        TOKEN,
        more,
        List.of(API_KEY));
  }
}
