package dev.salvor.agent.core;

/// Which agent this is: the boot it serves and the build it comes from.
///
/// @param boot counts the container's starts from 1
/// @param bootId the kernel's word for this boot
/// @param ownsStop it has the platform's key to this box, with which it can stop it
public record Self(int boot, String bootId, String version, boolean ownsStop) {
  public Self {
    if (boot < 1) {
      throw new IllegalArgumentException("Boots count from 1: " + boot);
    }
  }
}
