package dev.salvor.controller.intake;

import java.util.OptionalDouble;

/// How far a job is, by its own log.
///
/// @param step the newest step its log named; -1 when none did yet
/// @param totalSteps where it ends; 0 when the log does not say
/// @param lastLine what it printed last
public record Progress(
    long step, long totalSteps, OptionalDouble loss, boolean jobRunning, String lastLine) {}
