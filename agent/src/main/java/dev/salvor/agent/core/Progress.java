package dev.salvor.agent.core;

import java.util.OptionalDouble;

/// How far the job is, by its own log.
///
/// @param step -1 when no line named one yet
/// @param totalSteps 0 when the log does not say
public record Progress(long step, long totalSteps, OptionalDouble loss, String lastLine) {
  public static final Progress NONE = new Progress(-1, 0, OptionalDouble.empty(), "");
}
