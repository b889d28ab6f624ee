package dev.salvor.controller.house.planted.bad.controller.launch;

import dev.salvor.controller.house.planted.bad.controller.provider.VastProvider;

/// Planted: breaks a rule of imports.
record LaunchOnVast(VastProvider provider) {}
