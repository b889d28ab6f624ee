package dev.salvor.controller.house.planted.bad.controller.cli;

import dev.salvor.controller.house.planted.bad.controller.core.Fact;

/// Planted: breaks a rule of imports.
record VerbThatActs(Fact fact) {}
