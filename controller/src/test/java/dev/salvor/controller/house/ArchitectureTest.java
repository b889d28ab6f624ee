package dev.salvor.controller.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the classes of all modules to the import rules, and planted breaches against each rule.
final class ArchitectureTest {
  private static final String PLANTED = "dev.salvor.controller.house.planted";
  private static final List<String> MODULES = List.of("common", "agent", "controller");

  @BeforeAll
  static void names_are_enough() {
    // The rules ask for packages and kinds of our own classes: reading the JDK's would cost
    // seconds.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
  }

  @Test
  void who_may_import_whom() throws IOException {
    JavaClasses classes = classesOf(Repo.here().root());
    Map<String, List<String>> breaches = breaches(classes, Roots.REAL);
    assertThat(breaches.size())
        .as("breaches of the import rules (docs/ARCHITECTURE.md):\n%s\n", shown(breaches))
        .isZero();
  }

  @Test
  void every_rule_catches_its_planted_breach() {
    JavaClasses planted = new ClassFileImporter().importPackages(PLANTED + ".bad");
    Roots roots = Roots.under(PLANTED + ".bad");
    Map<String, List<String>> breaches = breaches(planted, roots);
    assertThat(breaches.keySet()).containsExactlyInAnyOrderElementsOf(plantedRules(roots));
  }

  @Test
  void each_planted_class_is_named_by_the_rule_it_breaks() {
    JavaClasses planted = new ClassFileImporter().importPackages(PLANTED + ".bad");
    Map<String, List<String>> breaches = breaches(planted, Roots.under(PLANTED + ".bad"));
    assertBreach(breaches, "cores import values only", "ReadsFile", "LocksQueue", "LogsLine");
    assertBreach(breaches, "cores hold no clock, thread or chance", "StartsThread", "RollsDice");
    assertBreach(breaches, "cores ask no clock or chance", "ReadsClock", "DrawsId");
    assertBreach(breaches, "effect sees interfaces and values of adapters", "EffectOnVast");
    assertBreach(breaches, "sandbox knows neither provider nor core", "MarketWithCore");
    assertBreach(breaches, "cli sees view, desk and run specs only", "VerbThatActs");
    assertBreach(breaches, "nobody imports main", "CallsMain");
    assertBreach(breaches, "nobody imports bench but main", "CallsBench");
    assertBreach(breaches, "io.grpc stays where it belongs", "LaunchOverGrpc");
    assertBreach(breaches, "generated proto stays where it belongs", "LaunchWithFrame");
    assertBreach(breaches, "OkHttp stays where it belongs", "LaunchOverHttp");
    assertBreach(breaches, "Bouncy Castle stays where it belongs", "LaunchWithCastle");
    assertBreach(breaches, "JDBC stays where it belongs", "LaunchFromSql");
    assertBreach(breaches, "MINA SSHD stays where it belongs", "LaunchOverSsh");
    assertBreach(breaches, "Picocli stays where it belongs", "LaunchWithOptions");
    assertBreach(breaches, "no cycles in controller", "cargo");
  }

  @Test
  void planted_classes_that_keep_the_rules_pass() {
    JavaClasses planted = new ClassFileImporter().importPackages(PLANTED + ".good");
    assertThat(planted.size()).isGreaterThan(5);
    assertThat(breaches(planted, Roots.under(PLANTED + ".good"))).isEmpty();
  }

  @Test
  void a_module_without_classes_is_refused(@TempDir Path root) throws IOException {
    for (String module : MODULES) {
      assertThatThrownBy(() -> classesOf(root))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(module + "/target/classes");
      Path classes = Files.createDirectories(root.resolve(module).resolve("target/classes"));
      assertThatThrownBy(() -> classesOf(root)).hasMessageContaining(classes.toString());
      Files.createFile(classes.resolve("X.class"));
    }
  }

  /// Every rule has its breach, save that one breach stands for the like rules of all adapters.
  private static Set<String> plantedRules(Roots roots) {
    var names = new TreeSet<String>(new ImportRules(roots).all().keySet());
    names.removeIf(name -> name.endsWith("imports no other adapter"));
    names.add("agent.probe imports no other adapter");
    names.add("controller.launch imports no other adapter");
    return names;
  }

  private static void assertBreach(
      Map<String, List<String>> breaches, String rule, String... names) {
    String details = String.join("\n", breaches.getOrDefault(rule, List.of()));
    assertThat(details).as(rule).contains(names);
  }

  private static JavaClasses classesOf(Path root) throws IOException {
    List<Path> folders =
        MODULES.stream().map(module -> root.resolve(module).resolve("target/classes")).toList();
    for (Path folder : folders) {
      requireClasses(folder);
    }
    return new ClassFileImporter().importPaths(folders);
  }

  private static void requireClasses(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        if (files.anyMatch(file -> file.toString().endsWith(".class"))) {
          return;
        }
      }
    }
    throw new IllegalStateException(
        "No classes in " + folder + ": build the modules first, 'mvn -pl controller -am test'");
  }

  private static Map<String, List<String>> breaches(JavaClasses classes, Roots roots) {
    var breaches = new TreeMap<String, List<String>>();
    Map<String, ArchRule> rules = new ImportRules(roots).all();
    rules.forEach((name, rule) -> {
      var result = rule.evaluate(classes);
      if (result.hasViolation()) {
        breaches.put(name, result.getFailureReport().getDetails());
      }
    });
    return breaches;
  }

  private static String shown(Map<String, List<String>> breaches) {
    return breaches.entrySet().stream()
        .map(breach -> breach.getKey() + ":\n  " + String.join("\n  ", breach.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
