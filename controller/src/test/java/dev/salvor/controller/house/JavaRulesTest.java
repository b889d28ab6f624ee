package dev.salvor.controller.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Shows that each rule over parsed Java can fail, and where it stops.
final class JavaRulesTest {
  private static final String MAIN = "agent/src/main/java/p/X.java";
  private static final String CORE = "agent/src/main/java/p/core/X.java";
  private static final String TEST = "agent/src/test/java/p/XTest.java";

  @Test
  void text_that_is_no_java_is_reported() {
    assertThat(rulesBrokenBy(TEST, "class {")).contains(Rule.PARSES);
    assertThat(rulesBrokenBy(TEST, "class X {}")).isEmpty();
  }

  @Test
  void a_method_of_51_lines_is_too_long() {
    assertThat(rulesBrokenBy(TEST, methodOfLines(50))).isEmpty();
    assertThat(rulesBrokenBy(TEST, methodOfLines(51))).containsExactly(Rule.METHOD_LENGTH);
  }

  @Test
  void a_long_initializer_counts_as_a_method() {
    String block = "class X { static {\n" + ";\n".repeat(50) + "} }";
    assertThat(rulesBrokenBy(TEST, block)).containsExactly(Rule.METHOD_LENGTH);
  }

  @Test
  void a_sixth_parameter_is_one_too_many_but_record_components_are_free() {
    String six = "int a, int b, int c, int d, int e, int f";
    assertThat(rulesBrokenBy(TEST, "class X { void m(" + six + ") {} }"))
        .containsExactly(Rule.PARAMETERS);
    assertThat(rulesBrokenBy(TEST, "class X { X(" + six + ") {} }"))
        .containsExactly(Rule.PARAMETERS);
    assertThat(rulesBrokenBy(TEST, "class X { void m(int a, int b, int c, int d, int e) {} }"))
        .isEmpty();
    assertThat(rulesBrokenBy(TEST, "record X(" + six + ") { X { } }")).isEmpty();
    assertThat(rulesBrokenBy(TEST, "record X(" + six + ") { static void m(" + six + ") {} }"))
        .containsExactly(Rule.PARAMETERS);
  }

  @Test
  void a_fourth_level_is_too_deep() {
    assertThat(rulesBrokenBy(TEST, body("for (;;) { while (a) { if (b) { c(); } } }"))).isEmpty();
    assertThat(
            rulesBrokenBy(TEST, body("for (;;) { while (a) { if (b) { try { } finally { } } } }")))
        .containsExactly(Rule.NESTING);
    assertThat(
            rulesBrokenBy(
                TEST,
                body(
                    "do { for (var x : y) { switch (x) { case 1 -> {"
                        + " synchronized (x) { } } } } } while (a);")))
        .containsExactly(Rule.NESTING);
  }

  @Test
  void a_lambda_does_not_hide_depth() {
    String hidden = "for (;;) { if (a) { run(() -> { if (b) { if (c) { } } }); } }";
    assertThat(rulesBrokenBy(TEST, body(hidden))).containsExactly(Rule.NESTING);
  }

  @Test
  void else_if_is_no_deeper_and_a_nested_class_starts_anew() {
    String chain = "if (a) { } else if (b) { } else if (c) { } else if (d) { } else { if (e) { } }";
    assertThat(rulesBrokenBy(TEST, body(chain))).isEmpty();
    String anonymous =
        "for (;;) { if (a) { new Object() { void n() { if (b) { if (c) { } } } }; } }";
    assertThat(rulesBrokenBy(TEST, body(anonymous))).isEmpty();
  }

  @Test
  void a_shipped_type_says_what_it_is_for() {
    assertThat(rulesBrokenBy(MAIN, "class X {}")).contains(Rule.TYPE_COMMENT);
    assertThat(rulesBrokenBy(MAIN, "/** Old style. */\nclass X {}")).contains(Rule.TYPE_COMMENT);
    assertThat(rulesBrokenBy(MAIN, "/// Is.\nclass X {}\nclass Y {}")).contains(Rule.TYPE_COMMENT);
    assertThat(rulesBrokenBy(MAIN, "/// Is for something.\n@Deprecated\nfinal class X {}"))
        .doesNotContain(Rule.TYPE_COMMENT);
    assertThat(rulesBrokenBy(TEST, "class X {}")).isEmpty();
  }

  @Test
  void vague_names_are_refused_wherever_they_are() {
    for (String name : List.of("BoxManager", "PathHelper", "Util", "IoUtils", "CoreImpl")) {
      assertThat(rulesBrokenBy(TEST, "class " + name + " {}")).containsExactly(Rule.NAME);
    }
    assertThat(rulesBrokenBy(TEST, "class AbstractBox {}")).containsExactly(Rule.NAME);
    assertThat(rulesBrokenBy(TEST, "class X { interface BaseBox {} }")).containsExactly(Rule.NAME);
    for (String name : List.of("Baseline", "Base64Text", "Abstraction", "Utility", "Managers")) {
      assertThat(rulesBrokenBy(TEST, "record " + name + "() {}")).isEmpty();
    }
  }

  @Test
  void tests_do_not_sleep() {
    for (String call :
        List.of("Thread.sleep(1);", "java.lang.Thread.sleep(1);", "TimeUnit.SECONDS.sleep(1);")) {
      assertThat(rulesBrokenBy(TEST, body(call))).containsExactly(Rule.SLEEP);
    }
    String imported = "import static java.lang.Thread.sleep;\nclass X {}";
    assertThat(rulesBrokenBy(TEST, imported)).containsExactly(Rule.SLEEP);
    assertThat(rulesBrokenBy(TEST, body("String s = \"Thread.sleep(1)\"; clock.sleep(1);")))
        .isEmpty();
    assertThat(rulesBrokenBy(MAIN, "/// Is.\n" + body("Thread.sleep(1);")))
        .doesNotContain(Rule.SLEEP);
  }

  @Test
  void no_test_is_switched_off() {
    assertThat(rulesBrokenBy(TEST, "class X { @Disabled void m() {} }"))
        .containsExactly(Rule.DISABLED);
    assertThat(rulesBrokenBy(TEST, "@org.junit.jupiter.api.Disabled(\"later\") class X {}"))
        .containsExactly(Rule.DISABLED);
    assertThat(rulesBrokenBy(TEST, "@DisabledOnOs(OS.MAC) class X {}"))
        .containsExactly(Rule.DISABLED);
  }

  @Test
  void a_switch_over_a_sealed_type_names_every_case() {
    String quote = "sealed interface Quote { record Priced(int usd) implements Quote {} }\n";
    String binding = body("switch (q) { case Quote.Priced p -> a(); default -> b(); }");
    assertThat(rulesBrokenBy(TEST, quote + binding)).containsExactly(Rule.DEFAULT_ARM);
    String taken = body("int x = switch (q) { case Priced(int u) -> u; default -> 0; };");
    assertThat(rulesBrokenBy(TEST, quote + taken)).containsExactly(Rule.DEFAULT_ARM);
    String outside = "sealed interface Quote permits Priced {}\n";
    assertThat(rulesBrokenBy(TEST, outside + taken)).containsExactly(Rule.DEFAULT_ARM);
    String foreign = body("switch (q) { case String s -> a(); default -> b(); }");
    assertThat(rulesBrokenBy(TEST, quote + foreign)).isEmpty();
  }

  @Test
  void a_core_has_default_only_over_literals() {
    String named = "/// Is.\n" + body("switch (q) { case LOST: a(); break; default: b(); }");
    assertThat(rulesBrokenBy(CORE, named)).contains(Rule.DEFAULT_ARM);
    String literals = "/// Is.\n" + body("switch (q) { case \"a\" -> a(); default -> b(); }");
    assertThat(rulesBrokenBy(CORE, literals)).doesNotContain(Rule.DEFAULT_ARM);
    assertThat(rulesBrokenBy(MAIN, named)).doesNotContain(Rule.DEFAULT_ARM);
  }

  @Test
  void a_shipped_package_is_null_marked() {
    var type = SourceFile.of(MAIN, "/// Is.\nclass X {}");
    String path = "agent/src/main/java/p/package-info.java";
    assertThat(rulesBrokenBy(type)).containsExactly(Rule.NULL_MARKED);
    assertThat(rulesBrokenBy(type, SourceFile.of(path, "package p;")))
        .containsExactly(Rule.NULL_MARKED);
    assertThat(rulesBrokenBy(type, SourceFile.of(path, "// no @NullMarked\npackage p;")))
        .containsExactly(Rule.NULL_MARKED);
    assertThat(rulesBrokenBy(type, SourceFile.of(path, "@NullMarked\npackage p;"))).isEmpty();
  }

  private static String body(String statements) {
    return "class X { void m() { " + statements + " } }";
  }

  private static String methodOfLines(int lines) {
    return "class X {\n  @Deprecated\n  void m() {\n" + ";\n".repeat(lines - 3) + "  }\n}\n";
  }

  private static List<Rule> rulesBrokenBy(String path, String text) {
    return rulesBrokenBy(SourceFile.of(path, text));
  }

  private static List<Rule> rulesBrokenBy(SourceFile... files) {
    return House.inspect(List.of(files), "").stream().map(Finding::rule).toList();
  }
}
