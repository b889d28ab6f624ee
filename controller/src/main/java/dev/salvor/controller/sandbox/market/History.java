package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The lists of a while ago, for a platform that answers with old ones.
final class History {
  /// A minute or more of a lively market.
  private static final int MAX = 400;

  private final Deque<Then> past = new ArrayDeque<>();

  private record Then(long atMs, List<ObjectNode> rows) {}

  void add(long nowMs, List<ObjectNode> rows) {
    past.addLast(new Then(nowMs, List.copyOf(rows)));
    if (past.size() > MAX) {
      past.removeFirst();
    }
  }

  /// The list as it was then; nothing was rented before the first.
  List<ObjectNode> at(long ms) {
    List<ObjectNode> rows = List.of();
    for (Then then : past) {
      if (then.atMs() <= ms) {
        rows = then.rows();
      }
    }
    return rows;
  }
}
