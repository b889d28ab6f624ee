package dev.salvor.controller.intake;

import java.time.Duration;
import java.time.Instant;

/// What a beat's answer grants.
///
/// @param beatTtl how long until the next beat is late
/// @param until the box may spend money until then without a controller
/// @param unattended how long it may stay up without a job and without a controller
/// @param startsAlone whether a box that came back may start its job without an order
public record Lease(Duration beatTtl, Instant until, Duration unattended, boolean startsAlone) {}
