package dev.salvor.controller.provider.vast;

/// How closely calls may follow each other.
public enum Pacing {
  /// At least the platform's threshold between two calls of one endpoint.
  PLATFORM,
  /// As fast as they come: a marketplace on this machine.
  NONE
}
