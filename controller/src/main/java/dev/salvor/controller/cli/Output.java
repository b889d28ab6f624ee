package dev.salvor.controller.cli;

/// How a verb prints its data.
enum Output {
  TEXT,
  JSON
}
