package dev.salvor.controller.house.planted.bad.controller.provider;

/// Planted: an adapter as a class of its own.
public final class VastProvider {
  public void stop() {}
}
