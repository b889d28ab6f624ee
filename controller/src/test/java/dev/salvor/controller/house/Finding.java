package dev.salvor.controller.house;

/// A breach of one rule at one place; lines count from 1.
record Finding(String file, long line, Rule rule, String what) {
  @Override
  public String toString() {
    return file + ":" + line + " " + rule + ": " + what + "; " + rule.advice();
  }
}
