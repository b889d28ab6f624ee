package dev.salvor.controller.view;

import java.util.List;

/// How far the job is, by its own log lines.
///
/// @param step -1 while the job has named none
/// @param totalSteps -1 while unknown
/// @param losses newest last; empty while the job has named none
/// @param lastLine the last line it printed
public record ProgressView(
    long step, long totalSteps, List<Double> losses, boolean jobRunning, String lastLine) {
  public ProgressView {
    losses = List.copyOf(losses);
  }
}
