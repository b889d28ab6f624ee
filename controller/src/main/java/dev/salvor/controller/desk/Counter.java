package dev.salvor.controller.desk;

/// Where a verb asks: a running controller, or the journal of one that has ended.
public interface Counter {

  /// Asks once.
  Answer ask(Request request) throws DeskException;

  /// Asks, and hands over each answer until the stream's end.
  void follow(Request request, Listener listener) throws DeskException;

  /// Hears a stream of answers; false ends it early.
  interface Listener {
    boolean hear(Answer answer) throws DeskException;
  }
}
