package dev.salvor.controller.house.planted.bad.controller.sandbox;

import dev.salvor.controller.house.planted.bad.controller.core.Fact;

/// Planted: breaks a rule of imports.
record MarketWithCore(Fact fact) {}
