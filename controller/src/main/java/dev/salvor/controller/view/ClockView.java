package dev.salvor.controller.view;

import java.time.Instant;

/// What runs out, and when it strikes as things go now.
///
/// @param kind budget, deadline, contract, deletion, credit
public record ClockView(String kind, String what, Instant strikes) {}
