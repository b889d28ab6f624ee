package dev.salvor.controller.view;

import dev.salvor.common.unit.UsdPerHour;

/// A rental of the account that another fleet's Salvor made: shown, and left alone.
///
/// @param label as it is listed, with that fleet's name
public record OtherView(long instance, String label, UsdPerHour burn) {}
