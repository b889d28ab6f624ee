package dev.salvor.controller.house.planted.good.controller.cli;

import dev.salvor.controller.house.planted.good.controller.view.Line;
import picocli.CommandLine;

/// Planted: keeps every rule.
record Verb(Line line, CommandLine options) {}
