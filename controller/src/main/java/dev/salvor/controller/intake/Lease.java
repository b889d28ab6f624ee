package dev.salvor.controller.intake;

import java.time.Duration;
import java.time.Instant;

/// What a beat's answer grants.
///
/// @param beatTtl how long until the next beat is late
/// @param until the box may spend money until then without a controller
public record Lease(Duration beatTtl, Instant until) {}
