package dev.salvor.controller.sandbox.market;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The ports a box asked for in its environment's `-p` keys; here a box shares the loopback, so
/// each is itself.
final class Ports {
  private static final Pattern KEY = Pattern.compile("-p (\\d{1,5}):(\\d{1,5})(?:/(tcp|udp))?");

  private static final int HIGHEST = 65_535;

  private Ports() {}

  /// Like `8080/tcp` to 8080.
  static Map<String, Integer> of(Map<String, String> env) {
    var ports = new TreeMap<String, Integer>();
    for (String key : env.keySet()) {
      Matcher matcher = KEY.matcher(key);
      if (matcher.matches() && Integer.parseInt(matcher.group(2)) <= HIGHEST) {
        String protocol = matcher.group(3) == null ? "tcp" : matcher.group(3);
        ports.put(matcher.group(2) + "/" + protocol, Integer.parseInt(matcher.group(2)));
      }
    }
    return ports;
  }
}
