package dev.salvor.controller.house;

/// What the house asks of every file, each with the sentence that a breach is answered with.
enum Rule {
  PARSES("must be Java that the compiler reads"),
  FILE_LENGTH("split the file by noun: 400 lines at most"),
  METHOD_LENGTH("a method is read without scrolling: 50 lines at most"),
  PARAMETERS("group what belongs together in a record: 5 parameters at most"),
  NESTING("return early or name the inner part: 3 levels at most"),
  TYPE_COMMENT("say in one /// sentence what the type is for"),
  NAME("name the noun: no Manager, Helper, Util, Impl, Base or Abstract"),
  SLEEP("poll with a deadline or hand in a clock: tests do not sleep"),
  DISABLED("repair the test or delete it: none is switched off"),
  DEFAULT_ARM("name every case, so that the compiler finds the place when one is added"),
  NULL_MARKED("give the package a package-info.java with @NullMarked"),
  MARKER("do it now or file it where work is planned: no notes to self in the code"),
  SCRIPT("scripts start with #!, end their lines with LF and are executable"),
  SECRET("a secret in the repository is a secret no more"),
  PRIVATE_PATH("write paths that exist on every machine");

  private final String advice;

  Rule(String advice) {
    this.advice = advice;
  }

  String advice() {
    return advice;
  }
}
