package dev.salvor.controller.sandbox.rest;

import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.market.Refusal;
import java.util.List;

/// One thing that can be asked for: where, under which name it is limited, and who may ask.
record Route(String method, int version, List<String> pattern, Terms terms, Handler handler) {
  static final String ANY = "*";

  /// What is done about it.
  interface Handler {
    Answer handle(Call call) throws Refusal, BoxException;
  }

  /// The name of the limit and its least interval, and who may ask.
  record Terms(String endpoint, double intervalSeconds, Access access) {}

  /// Who may ask.
  enum Access {
    ALL,
    ACCOUNT,
    /// Also the box whose number is second in the path.
    BOX
  }

  /// `at` is like `PUT v0 instances/*`; a star stands for one word.
  static Route of(String at, Terms terms, Handler handler) {
    String[] words = at.split(" ", -1);
    int version = words[1].equals("-") ? -1 : Integer.parseInt(words[1].substring(1));
    return new Route(words[0], version, List.of(words[2].split("/", -1)), terms, handler);
  }

  boolean fits(Call call) {
    return method.equals(call.method()) && version == call.version() && fits(call.path());
  }

  private boolean fits(List<String> path) {
    if (path.size() != pattern.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!pattern.get(i).equals(ANY) && !pattern.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }
}
