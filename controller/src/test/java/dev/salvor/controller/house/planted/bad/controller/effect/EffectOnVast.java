package dev.salvor.controller.house.planted.bad.controller.effect;

import dev.salvor.controller.house.planted.bad.controller.provider.VastProvider;

/// Planted: breaks a rule of imports.
record EffectOnVast(VastProvider provider) {}
