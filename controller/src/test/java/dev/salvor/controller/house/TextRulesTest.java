package dev.salvor.controller.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Shows that each rule over plain text can fail. What is forbidden is glued together here, since
/// this file is held to the same rules.
final class TextRulesTest {
  private static final String CHECKOUT = "/srv/build/salvor";
  private static final String BODY = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmi";

  @Test
  void a_file_of_401_lines_is_too_long() {
    assertThat(rulesBrokenBy("a/X.java", "\n".repeat(400))).isEmpty();
    assertThat(rulesBrokenBy("a/X.java", "\n".repeat(401))).containsExactly(Rule.FILE_LENGTH);
    assertThat(rulesBrokenBy("docs/long.md", "\n".repeat(401))).isEmpty();
  }

  @Test
  void notes_to_self_are_refused_in_code() {
    for (String word : List.of("TO" + "DO", "FIX" + "ME", "XX" + "X")) {
      assertThat(rulesBrokenBy("a.proto", "// " + word + " later")).containsExactly(Rule.MARKER);
      assertThat(rulesBrokenBy("docs/a.md", word)).isEmpty();
    }
    assertThat(rulesBrokenBy("a.proto", "// mktemp /tmp/a.XX" + "XXXX and aTO" + "DOs")).isEmpty();
  }

  @Test
  void a_private_key_with_a_body_is_a_secret() {
    String header = "-----BEGIN EC PRIVATE" + " KEY-----";
    assertThat(rulesBrokenBy("docs/a.md", header + "\n" + BODY)).containsExactly(Rule.SECRET);
    assertThat(rulesBrokenBy("docs/a.md", "\"" + header + "\\n\"\n + \"" + BODY + "\""))
        .containsExactly(Rule.SECRET);
    assertThat(rulesBrokenBy("docs/a.md", "starts with " + header + " and a line of base64"))
        .isEmpty();
  }

  @Test
  void a_cloud_key_is_a_secret_and_is_not_repeated() {
    String key = "AK" + "IA" + "ABCDEFGHIJKLMNOP";
    List<Finding> findings = inspect(SourceFile.of("a.yaml", "key: " + key));
    assertThat(findings).extracting(Finding::rule).containsExactly(Rule.SECRET);
    assertThat(findings.getFirst().toString()).doesNotContain(key);
  }

  @Test
  void paths_of_a_developer_are_refused() {
    assertThat(rulesBrokenBy("a.md", "see /ho" + "me/ann/salvor"))
        .containsExactly(Rule.PRIVATE_PATH);
    assertThat(rulesBrokenBy("a.md", "see /Us" + "ers/ann")).containsExactly(Rule.PRIVATE_PATH);
    assertThat(rulesBrokenBy("a.md", "C:\\Us" + "ers\\ann")).containsExactly(Rule.PRIVATE_PATH);
    assertThat(rulesBrokenBy("a.md", "in " + CHECKOUT + "/docs"))
        .containsExactly(Rule.PRIVATE_PATH);
    assertThat(rulesBrokenBy("a.md", "in /work and /root/.ssh, " + CHECKOUT + "-state")).isEmpty();
  }

  @Test
  void a_script_has_a_shebang_plain_line_ends_and_the_right_to_run() {
    assertThat(rulesBrokenBy(new SourceFile("onstart/a.sh", "#!/bin/sh\n", true))).isEmpty();
    assertThat(rulesBrokenBy(new SourceFile("onstart/a.sh", "#!/bin/sh\r\n", true)))
        .containsExactly(Rule.SCRIPT);
    assertThat(rulesBrokenBy(new SourceFile("salvor", "exec java\n", true)))
        .containsExactly(Rule.SCRIPT);
    assertThat(rulesBrokenBy(new SourceFile(".ci/run", "#!/bin/sh\n", false)))
        .containsExactly(Rule.SCRIPT);
  }

  @Test
  void a_finding_says_where_what_and_what_to_do() {
    var finding = inspect(SourceFile.of("a/b.proto", "\n\n// FIX" + "ME")).getFirst();
    assertThat(finding.toString())
        .startsWith("a/b.proto:3 MARKER: ")
        .endsWith(Rule.MARKER.advice());
  }

  private static List<Rule> rulesBrokenBy(String path, String text) {
    return rulesBrokenBy(SourceFile.of(path, text));
  }

  private static List<Rule> rulesBrokenBy(SourceFile file) {
    return inspect(file).stream().map(Finding::rule).toList();
  }

  private static List<Finding> inspect(SourceFile file) {
    return House.inspect(List.of(file), CHECKOUT);
  }
}
