package dev.salvor.controller.provider;

import dev.salvor.common.unit.InstanceId;

/// The platform's own copies of a rental's disk, running or paused.
public interface Copies {

  /// Where to fetch from.
  Provider.CopySource from(InstanceId instance, String path) throws ProviderException;

  /// Where to bring to. Into `/` or `/root` is refused: it would break the box's ssh.
  Provider.CopySource to(InstanceId instance, String path) throws ProviderException;

  /// Begins a copy from one rental to another; the platform tells its progress in the rental's
  /// status only. Sent once.
  void between(Point from, Point to) throws ProviderException;

  /// Ends copies to this rental.
  void cancel(InstanceId to) throws ProviderException;

  /// A path on a rental.
  record Point(InstanceId instance, String path) {}
}
