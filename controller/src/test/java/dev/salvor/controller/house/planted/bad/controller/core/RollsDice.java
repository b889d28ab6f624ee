package dev.salvor.controller.house.planted.bad.controller.core;

import java.util.Random;

/// Planted: breaks a rule of imports.
record RollsDice(Random dice) {}
