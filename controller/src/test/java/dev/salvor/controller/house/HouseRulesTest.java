package dev.salvor.controller.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds every file of every module to the rules of the house.
final class HouseRulesTest {
  private static final int FILES_AT_LEAST = 15;

  @Test
  void the_house_keeps_its_rules() throws IOException {
    Repo repo = Repo.here();
    List<SourceFile> files = repo.files();
    assertThat(files).as("files found under " + repo.root()).hasSizeGreaterThan(FILES_AT_LEAST);
    for (String module : List.of("agent", "common", "controller")) {
      assertThat(files)
          .as("Java of module " + module)
          .anyMatch(file -> file.isJava() && file.path().startsWith(module + "/src/main/"));
    }
    List<Finding> findings = House.inspect(files, repo.root().toString());
    List<Finding> breaches = Allowed.remaining(findings, Allowed.LIST);
    assertThat(breaches.size())
        .as(
            "breaches of the house rules (docs/HACKING.md, exceptions in Allowed.java):\n%s\n",
            breaches.stream().map(Finding::toString).collect(Collectors.joining("\n")))
        .isZero();
    assertThat(Allowed.unused(findings, Allowed.LIST)).as("exceptions no longer needed").isEmpty();
  }

  @Test
  void an_exception_excuses_its_file_and_rule_only() {
    var breach = new Finding("a/A.java", 3, Rule.NESTING, "level 4");
    var other = new Finding("a/A.java", 9, Rule.NAME, "AImpl");
    var allowed = List.of(new Allowed("a/A.java", Rule.NESTING, "a table reads best as loops"));
    assertThat(Allowed.remaining(List.of(breach, other), allowed)).containsExactly(other);
    assertThat(Allowed.unused(List.of(other), allowed)).isEqualTo(allowed);
    assertThat(Allowed.unused(List.of(breach), allowed)).isEmpty();
  }

  @Test
  void an_exception_without_a_reason_is_refused() {
    assertThatThrownBy(() -> new Allowed("a/A.java", Rule.NESTING, " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reason");
  }
}
