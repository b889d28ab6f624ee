package dev.salvor.controller.house;

/// The root packages that the import rules speak of: the real ones, or planted ones in tests.
record Roots(String common, String agent, String controller, String proto) {
  static final Roots REAL =
      new Roots(
          "dev.salvor.common", "dev.salvor.agent", "dev.salvor.controller", "dev.salvor.proto");

  static Roots under(String parent) {
    return new Roots(
        parent + ".common", parent + ".agent", parent + ".controller", parent + ".proto");
  }
}
