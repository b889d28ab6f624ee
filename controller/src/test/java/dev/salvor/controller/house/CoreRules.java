package dev.salvor.controller.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;

/// What makes a core pure: values of the JDK, `common`, and nothing that asks the world.
final class CoreRules {
  private static final String[] VALUES = {
    "java.lang",
    "java.lang.annotation",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.math",
    "java.nio.charset",
    "java.time..",
    "java.util",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "org.jspecify..",
    "com.google.errorprone.annotations.."
  };
  // Classes of those packages that hold or read a clock, a thread, a process or chance.
  private static final Set<String> WORLDLY =
      Set.of(
          "java.lang.ClassLoader",
          "java.lang.InheritableThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.ScopedValue",
          "java.lang.System",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Calendar",
          "java.util.Date",
          "java.util.GregorianCalendar",
          "java.util.Random",
          "java.util.Scanner",
          "java.util.ServiceLoader",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.TimerTask");
  private static final Set<String> WORLDLY_CALLS =
      Set.of(
          "java.lang.Math.random",
          "java.lang.StrictMath.random",
          "java.util.Collections.shuffle",
          "java.util.UUID.randomUUID");

  private CoreRules() {}

  static Map<String, ArchRule> of(Roots roots) {
    String[] cores = {roots.agent() + ".core..", roots.controller() + ".core.."};
    DescribedPredicate<JavaClass> known =
        resideInAnyPackage(VALUES)
            .or(resideInAnyPackage(cores))
            .or(resideInAnyPackage(roots.common() + ".."))
            .or(describe("are primitives or arrays", CoreRules::isBuiltIn));
    return Map.of(
        "cores import values only",
        noClasses()
            .that()
            .resideInAnyPackage(cores)
            .should()
            .dependOnClassesThat(not(known))
            .because("the same facts must give the same decisions, here and in the simulator"),
        "cores hold no clock, thread or chance",
        noClasses()
            .that()
            .resideInAnyPackage(cores)
            .should()
            .dependOnClassesThat(describe("reach the world", CoreRules::isWorldly))
            .because("time is a parameter and chance a seed handed in"),
        "cores ask no clock or chance",
        noClasses()
            .that()
            .resideInAnyPackage(cores)
            .should()
            .callCodeUnitWhere(
                describe("asks clock or chance", call -> isWorldlyCall(call.getTarget())))
            .because("time is a parameter and chance a seed handed in"));
  }

  private static boolean isBuiltIn(JavaClass type) {
    return type.isPrimitive() || type.getBaseComponentType().isPrimitive();
  }

  private static boolean isWorldly(JavaClass type) {
    return WORLDLY.contains(type.getBaseComponentType().getName());
  }

  private static boolean isWorldlyCall(CodeUnitCallTarget target) {
    String owner = target.getOwner().getName();
    return WORLDLY_CALLS.contains(owner + "." + target.getName())
        || (owner.startsWith("java.time.") && target.getName().equals("now"));
  }
}
