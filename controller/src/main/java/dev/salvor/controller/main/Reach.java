package dev.salvor.controller.main;

import java.util.List;

/// How boxes reach the controller.
sealed interface Reach {
  /// What boxes are told when they are rented.
  ///
  /// @param listening host:port where we listen
  List<String> endpoints(String listening);

  /// What a box is told that has no sshd to be gone to.
  default List<String> dialled(String listening) {
    List<String> told = endpoints(listening);
    return told.isEmpty() ? List.of(listening) : told;
  }

  /// They dial it.
  ///
  /// @param endpoint host:port as a box sees it; empty for where we listen
  record Direct(String endpoint) implements Reach {
    @Override
    public List<String> endpoints(String listening) {
      return List.of(endpoint.isEmpty() ? listening : endpoint);
    }
  }

  /// It has no address of its own: it goes to them by ssh, and they dial a port of their own.
  record Tunnelled() implements Reach {
    @Override
    public List<String> endpoints(String listening) {
      return List.of();
    }
  }
}
