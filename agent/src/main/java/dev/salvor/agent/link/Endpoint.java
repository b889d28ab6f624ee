package dev.salvor.agent.link;

import java.util.ArrayList;
import java.util.List;

/// Where a controller may be reached.
public record Endpoint(String host, int port) {
  public Endpoint {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("Not a host and port: " + host + ":" + port);
    }
  }

  /// Reads "host:port", separated by commas or white space; IPv6 addresses in brackets.
  public static List<Endpoint> parse(String text) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String word : text.strip().split("[,\\s]+", -1)) {
      if (!word.isEmpty()) {
        endpoints.add(one(word));
      }
    }
    return List.copyOf(endpoints);
  }

  private static Endpoint one(String word) {
    int colon = word.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("Not host:port: " + word);
    }
    String host = word.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Endpoint(host, Integer.parseInt(word.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
