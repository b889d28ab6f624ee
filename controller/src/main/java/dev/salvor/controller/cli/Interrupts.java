package dev.salvor.controller.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/// How often Ctrl-C was pressed. From its making on, Ctrl-C no longer ends this process by itself.
///
/// A shutdown hook would not do: it runs once, and a second Ctrl-C is not seen. `sun.misc.Signal`
/// is what the JDK has; it is reached by reflection because javac warns of it where no annotation
/// can say that it is meant.
final class Interrupts {
  private final AtomicInteger count = new AtomicInteger();

  private Interrupts() {}

  /// Counts from now on. Where the runtime has no such signals, Ctrl-C goes on ending the process.
  static Interrupts counting() {
    Interrupts interrupts = new Interrupts();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler count =
          (proxy, method, args) ->
              switch (method.getName()) {
                case "handle" -> {
                  interrupts.press();
                  yield null;
                }
                case "equals" ->
                    args != null
                        && System.identityHashCode(proxy) == System.identityHashCode(args[0]);
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "counts Ctrl-C";
              };
      Object counter =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(), new Class<?>[] {handler}, count);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), counter);
    } catch (ReflectiveOperationException _) {
      return interrupts;
    }
    return interrupts;
  }

  /// None will come by itself: for tests.
  static Interrupts none() {
    return new Interrupts();
  }

  int count() {
    return count.get();
  }

  void press() {
    count.incrementAndGet();
  }
}
