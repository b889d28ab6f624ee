package dev.salvor.controller.view;

import dev.salvor.common.unit.UsdPerHour;

/// One rental of a run that exists at the provider, or may.
///
/// @param instance the provider's number; 0 while the answer to its creation is out
/// @param rental generation and attempt, "1.1"
/// @param boot newest boot that joined; 0 before the first
/// @param price what it costs an hour while it runs
/// @param burn what it costs an hour as it is now
/// @param console the word that the provider's own console shows for it
public record BoxView(
    long instance,
    String rental,
    int boot,
    long machine,
    String gpu,
    String place,
    UsdPerHour price,
    UsdPerHour burn,
    String status,
    String console,
    String verdict,
    String words) {}
