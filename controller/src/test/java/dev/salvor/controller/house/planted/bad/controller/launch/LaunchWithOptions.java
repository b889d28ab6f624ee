package dev.salvor.controller.house.planted.bad.controller.launch;

import picocli.CommandLine;

/// Planted: breaks a rule of imports.
record LaunchWithOptions(CommandLine line) {}
