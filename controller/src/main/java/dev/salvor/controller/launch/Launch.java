package dev.salvor.controller.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Renders what the platform is given to start a box with. The platform stores both the text and
/// the environment, and the host can read them: neither may hold a secret but the join token.
public final class Launch {
  /// The smallest limit that vast.ai's documents name for the onstart text.
  public static final int MAX_ONSTART_CHARS = 4048;

  private static final String SCRIPT = "/salvor/onstart.sh";

  /// Settings that are rendered from facts and may not be set twice.
  private static final List<String> RENDERED =
      List.of(
          "SALVOR_ENDPOINTS",
          "SALVOR_CA_PIN",
          "SALVOR_JOIN_TOKEN",
          "SALVOR_RUN",
          "SALVOR_GENERATION");

  /// What secrets look like wherever they come from: private keys, and the fixed beginnings of the
  /// tokens of AWS, GitHub, Hugging Face and OpenAI; and the keys that are set by name.
  private static final Pattern SECRET_LOOKS =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY|\\bAKIA[0-9A-Z]{16}\\b|\\bgh[pousr]_[A-Za-z0-9]{30,}"
              + "|\\bhf_[A-Za-z0-9]{20,}|\\bsk-[A-Za-z0-9_-]{20,}"
              + "|\\b(VAST_API_KEY|WANDB_API_KEY|AWS_SECRET_ACCESS_KEY)=[^\\s$]");

  private static final Pattern ENDPOINT =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final String script;

  /// With the start-up script that is packaged in the controller.
  public Launch() {
    this(packaged());
  }

  Launch(String script) {
    this.script = script;
  }

  public Rendered render(LaunchFacts facts) throws LaunchException {
    List<String> problems = new ArrayList<>();
    checkScript(facts, problems);
    Map<String, String> env = env(facts);
    checkEnv(facts, problems);
    if (!problems.isEmpty()) {
      throw new LaunchException(problems);
    }
    return new Rendered(script, env);
  }

  private void checkScript(LaunchFacts facts, List<String> problems) {
    if (script.length() > MAX_ONSTART_CHARS) {
      problems.add(
          "onstart.sh has %d characters and the platform takes %d: shorten it, or let it fetch the rest"
              .formatted(script.length(), MAX_ONSTART_CHARS));
    }
    if (!script.startsWith("#!")) {
      problems.add("onstart.sh does not begin with \"#!\": the platform would guess its language");
    }
    if (script.indexOf('\r') >= 0) {
      problems.add(
          "onstart.sh has Windows line ends, on which bash fails: check it out with eol=lf and"
              + " build again");
    }
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(script)) {
      problems.add("onstart.sh has characters beyond ASCII, which platforms count differently");
    }
    boolean holdsToken = script.contains(facts.joinToken().reveal());
    if (holdsToken || looksSecret(facts, script)) {
      problems.add(
          "onstart.sh holds a secret, which the platform would store and the host could read: pass"
              + " it by the agent's link");
    }
  }

  private static Map<String, String> env(LaunchFacts facts) {
    Map<String, String> env = new LinkedHashMap<>(facts.box().env());
    facts.box().ports().forEach(port -> env.put(opened(port), "1"));
    if (!facts.box().packages().isEmpty()) {
      env.put("SALVOR_PACKAGES", String.join(" ", facts.box().packages()));
    }
    env.putAll(facts.more());
    if (!facts.endpoints().isEmpty()) {
      env.put("SALVOR_ENDPOINTS", String.join(",", facts.endpoints()));
    }
    env.put("SALVOR_CA_PIN", facts.caPin().hex());
    env.put("SALVOR_JOIN_TOKEN", facts.joinToken().reveal());
    env.put("SALVOR_RUN", facts.run().value());
    env.put("SALVOR_GENERATION", Integer.toString(facts.generation()));
    return env;
  }

  /// As the platform takes a port: among the settings.
  private static String opened(String port) {
    String number = port.split("/", 2)[0];
    return "-p " + number + ":" + port;
  }

  private static void checkEnv(LaunchFacts facts, List<String> problems) {
    for (String endpoint : facts.endpoints()) {
      if (!ENDPOINT.matcher(endpoint).matches()) {
        problems.add("\"%s\" is not host:port".formatted(endpoint));
      }
    }
    facts.more().forEach((name, value) -> checkSetting(facts, name, value, problems));
    facts.box().env().forEach((name, value) -> checkSetting(facts, name, value, problems));
    BoxWishes.problems(facts.box()).forEach(problems::add);
  }

  /// Why the platform must not be given a setting of the user's; empty if it may.
  public static Optional<String> settingProblem(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      return Optional.of("\"%s\" is no name of an environment variable".formatted(name));
    }
    return looksSecret(name + "=" + value)
        ? Optional.of(
            "%s holds a secret, which the platform would store: name it under secrets instead"
                .formatted(name))
        : Optional.empty();
  }

  /// Whether a text holds what keys and tokens look like.
  public static boolean looksSecret(String text) {
    return SECRET_LOOKS.matcher(text).find();
  }

  private static void checkSetting(
      LaunchFacts facts, String name, String value, List<String> problems) {
    if (!NAME.matcher(name).matches()) {
      problems.add("\"%s\" is no name of an environment variable".formatted(name));
    }
    if (RENDERED.contains(name)) {
      problems.add("%s is set by Salvor itself".formatted(name));
    }
    if (looksSecret(facts, name + "=" + value)) {
      problems.add(
          "the environment's %s holds a secret, which the platform would store: pass it by the agent's link"
              .formatted(name));
    }
  }

  private static boolean looksSecret(LaunchFacts facts, String text) {
    return looksSecret(text)
        || facts.secrets().stream().anyMatch(secret -> text.contains(secret.reveal()));
  }

  private static String packaged() {
    try (InputStream in = Launch.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException("The controller was built without " + SCRIPT);
      }
      return compact(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + SCRIPT + " from the controller's jar", e);
    }
  }

  /// The script as a platform gets it: without the lines and indents that are for readers only. It
  /// has no text over several lines that this could change.
  private static String compact(String script) {
    StringBuilder kept = new StringBuilder();
    for (String line : script.lines().toList()) {
      String bare = line.strip();
      if (kept.isEmpty() || !(bare.isEmpty() || bare.charAt(0) == '#')) {
        kept.append(bare).append('\n');
      }
    }
    return kept.toString();
  }
}
