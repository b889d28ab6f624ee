package dev.salvor.controller.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Who may import whom, as docs/ARCHITECTURE.md tells it, each rule under a short name.
final class ImportRules {
  private static final List<String> AGENT_ADAPTERS =
      List.of(
          "probe", "checkpoint", "cargo", "carry", "job", "link", "identity", "platform", "state");
  private static final List<String> CONTROLLER_ADAPTERS =
      List.of(
          "intake",
          "journal",
          "provider",
          "launch",
          "cargo",
          "verify",
          "ca",
          "tunnel",
          "monitor",
          "sandbox");

  private final Roots roots;
  private final Map<String, ArchRule> rules = new LinkedHashMap<>();

  ImportRules(Roots roots) {
    this.roots = roots;
  }

  Map<String, ArchRule> all() {
    CoreRules.of(roots).forEach(this::add);
    adapters(roots.agent(), AGENT_ADAPTERS);
    adapters(roots.controller(), CONTROLLER_ADAPTERS);
    rooms();
    bench();
    libraries();
    add("no cycles in common", acyclic(roots.common()));
    add("no cycles in agent", acyclic(roots.agent()));
    add("no cycles in controller", acyclic(roots.controller()));
    return Map.copyOf(rules);
  }

  private void adapters(String root, List<String> adapters) {
    for (String adapter : adapters) {
      String[] others =
          adapters.stream()
              .filter(other -> !other.equals(adapter))
              .map(other -> root + "." + other + "..")
              .toArray(String[]::new);
      String name = root.substring(root.lastIndexOf('.') + 1) + "." + adapter;
      add(
          name + " imports no other adapter",
          noClasses()
              .that()
              .resideInAPackage(root + "." + adapter + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others)
              .because("adapters meet in main only, so that each can be replaced alone"));
    }
  }

  private void rooms() {
    String controller = roots.controller();
    String[] adapters =
        CONTROLLER_ADAPTERS.stream()
            .map(adapter -> controller + "." + adapter + "..")
            .toArray(String[]::new);
    add(
        "effect sees interfaces and values of adapters",
        noClasses()
            .that()
            .resideInAPackage(controller + ".effect..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(adapters).and(not(contract())))
            .because("an effect works with any provider, target or journal"));
    add(
        "sandbox knows neither provider nor core",
        noClasses()
            .that()
            .resideInAPackage(controller + ".sandbox..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(controller + ".provider..", controller + ".core..")
            .because("a market built from our own idea of it would prove nothing"));
    var own = resideInAnyPackage(controller + "..");
    var open =
        resideInAnyPackage(controller + ".cli..", controller + ".view..", controller + ".desk..")
            .or(nameStartingWith(controller + ".core.RunSpec"));
    add(
        "cli sees view, desk and run specs only",
        noClasses()
            .that()
            .resideInAPackage(controller + ".cli..")
            .should()
            .dependOnClassesThat(own.and(not(open)))
            .because("a verb asks the running controller; it never acts beside it"));
    String[] mains = {roots.agent() + ".main..", controller + ".main.."};
    add(
        "nobody imports main",
        noClasses()
            .that(not(resideInAnyPackage(mains)))
            .should()
            .dependOnClassesThat(resideInAnyPackage(mains))
            .because("main wires the others"));
  }

  private void bench() {
    String controller = roots.controller();
    add(
        "nobody imports bench but main",
        noClasses()
            .that(not(resideInAnyPackage(controller + ".bench..", controller + ".main..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(controller + ".bench..")
            .because("it measures the product, which does without it"));
  }

  private void libraries() {
    String agent = roots.agent();
    String controller = roots.controller();
    String wire = roots.common() + ".wire..";
    only(
        "io.grpc",
        List.of("io.grpc.."),
        in(
            agent + ".link..",
            agent + ".carry..",
            agent + ".main..",
            controller + ".intake..",
            controller + ".main..",
            roots.common() + ".tls..",
            wire));
    only(
        "generated proto",
        List.of(roots.proto() + ".."),
        in(
            agent + ".link..",
            agent + ".carry..",
            controller + ".intake..",
            wire,
            roots.proto() + ".."));
    DescribedPredicate<JavaClass> s3 =
        describe("are S3 classes of cargo", t -> t.getName().startsWith(controller + ".cargo.S3"));
    only("OkHttp", List.of("okhttp3..", "okio.."), in(controller + ".provider..").or(s3));
    only("zstd", List.of("com.github.luben.."), in(roots.common() + ".pack.."));
    only("Bouncy Castle", List.of("org.bouncycastle.."), in(controller + ".ca.."));
    only(
        "JDBC",
        List.of("java.sql..", "javax.sql..", "org.sqlite.."),
        in(controller + ".journal.."));
    only(
        "MINA SSHD",
        List.of("org.apache.sshd.."),
        in(controller + ".tunnel..", controller + ".sandbox.ssh.."));
    only("Picocli", List.of("picocli.."), in(controller + ".cli..", controller + ".main.."));
  }

  private void only(String library, List<String> packages, DescribedPredicate<JavaClass> users) {
    add(
        library + " stays where it belongs",
        noClasses()
            .that(not(users))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(packages.toArray(String[]::new))
            .because("a library is one room's affair: it can be replaced there"));
  }

  private static DescribedPredicate<JavaClass> in(String... packages) {
    return resideInAnyPackage(packages);
  }

  /// What an interface speaks in: interfaces, records, enums and exceptions.
  private static DescribedPredicate<JavaClass> contract() {
    return describe(
        "are interfaces or values",
        type -> type.isInterface() || type.isRecord() || type.isEnum() || isThrown(type));
  }

  /// By name, since the JDK's own classes are not read: see ArchitectureTest.
  private static boolean isThrown(JavaClass type) {
    return type.getAllRawSuperclasses().stream()
        .map(JavaClass::getName)
        .anyMatch(name -> name.startsWith("java.") && name.matches(".*(Exception|Error)"));
  }

  private static ArchRule acyclic(String root) {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles();
  }

  private void add(String name, ArchRule rule) {
    rules.put(name, rule.allowEmptyShould(true));
  }
}
