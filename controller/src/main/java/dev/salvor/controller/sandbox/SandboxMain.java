package dev.salvor.controller.sandbox;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a sandbox as a process of its own.
public final class SandboxMain {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxMain.class);

  /// Held, because the logging of the JDK forgets levels of loggers nobody holds. Each login is
  /// told at INFO.
  private static final java.util.logging.Logger SSH_LOG =
      java.util.logging.Logger.getLogger("org.apache.sshd");

  private SandboxMain() {}

  /// Opens the market, prints where it answers, and stays until SIGTERM, a shutdown by REST, or
  /// idleness.
  public static void run(SandboxConfig config) throws SandboxException {
    SSH_LOG.setLevel(java.util.logging.Level.WARNING);
    Sandbox sandbox = Sandbox.open(config);
    var onSignal = Thread.ofPlatform().unstarted(() -> closeOnSignal(sandbox));
    Runtime.getRuntime().addShutdownHook(onSignal);
    announce(config, sandbox);
    try {
      sandbox.await(config.idleExit());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sandbox.close();
    forget(onSignal);
  }

  private static void announce(SandboxConfig config, Sandbox sandbox) {
    String line =
        config.json()
            ? sandbox.endpoint().toString()
            : "sandbox at " + sandbox.url() + " api key " + sandbox.apiKey();
    System.out.println(line);
    System.out.flush();
  }

  private static void closeOnSignal(Sandbox sandbox) {
    try {
      sandbox.close();
    } catch (SandboxException e) {
      LOG.atError().setCause(e).log("closing failed");
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.atDebug().log("already going down");
    }
  }
}
