package dev.salvor.controller.provider;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;
import java.util.List;
import java.util.Optional;

/// One rental at a time, as people look at it and change it by hand.
public interface Instances {

  /// Empty if the platform has no such rental any more.
  Optional<InstanceView> show(InstanceId instance) throws ProviderException;

  /// All of them, by one question a page.
  Listed listed() throws ProviderException;

  /// Asks that it run. True when it will now; false when the platform queued the wish, and may bill
  /// for it some time later.
  boolean start(InstanceId instance) throws ProviderException;

  void label(InstanceId instance, String label) throws ProviderException;

  /// Sets the bid of an interruptible rental; empty leaves it to the platform to win. Sent once: a
  /// lost answer says nothing about the bid in force.
  void bid(InstanceId instance, Optional<UsdPerHour> price) throws ProviderException;

  /// The container's log, or the host daemon's.
  String logs(InstanceId instance, LogRequest request) throws ProviderException;

  /// Every rental of the account.
  ///
  /// @param raw the platform's own JSON: an array of every page's rows
  record Listed(List<Row> rows, String raw) {
    public Listed {
      rows = List.copyOf(rows);
    }
  }

  /// Which part of a log.
  ///
  /// @param filter lines with this text only; empty for all
  /// @param daemon of the host's daemon instead of the container
  record LogRequest(int tail, String filter, boolean daemon) {
    public static final LogRequest USUAL = new LogRequest(1000, "", false);

    public LogRequest {
      if (tail < 1) {
        throw new IllegalArgumentException("A log's tail has at least one line: " + tail);
      }
    }
  }
}
