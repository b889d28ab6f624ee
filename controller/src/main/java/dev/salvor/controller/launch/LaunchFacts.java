package dev.salvor.controller.launch;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.core.RunSpec.Box;
import java.util.List;
import java.util.Map;

/// What one rental is launched with.
///
/// @param endpoints "host:port" of the controller as the box sees it; none if only a tunnel, opened
///   later, will lead there
/// @param caPin SHA-256 of the public key of the controller's CA
/// @param joinToken single-use: the one secret that may leave in the environment
/// @param more other settings of onstart, such as where the agent's bundle is
/// @param box what the user asked of the box: settings, ports, packages
/// @param secrets what must appear nowhere in what the platform stores: the API key, the user's own
public record LaunchFacts(
    RunId run,
    int generation,
    List<String> endpoints,
    Sha256 caPin,
    Secret joinToken,
    Map<String, String> more,
    Box box,
    List<Secret> secrets) {
  public LaunchFacts {
    if (generation < 1) {
      throw new IllegalArgumentException("Generations count from 1: " + generation);
    }
    endpoints = List.copyOf(endpoints);
    more = Map.copyOf(more);
    secrets = List.copyOf(secrets);
  }

  /// For a box of which nothing was asked.
  public LaunchFacts(
      RunId run,
      int generation,
      List<String> endpoints,
      Sha256 caPin,
      Secret joinToken,
      Map<String, String> more,
      List<Secret> secrets) {
    this(run, generation, endpoints, caPin, joinToken, more, Box.USUAL, secrets);
  }
}
