package dev.salvor.agent.core;

import java.util.ArrayList;
import java.util.List;

/// What is remembered of the job beside its boot's notes.
///
/// @param start number of the start that this boot is at, from 1
/// @param newest where the newest complete checkpoint of this disk lies; empty before the first
/// @param stalled it was reported to have stalled, and not to move again
/// @param tasksTold digests of the done tasks that were reported, oldest first, bounded
public record JobNotes(int start, String newest, boolean stalled, List<String> tasksTold) {
  /// More tasks than a list may have.
  static final int MAX_TASKS = 2_000;

  public static final JobNotes FRESH = new JobNotes(1, "", false, List.of());

  public JobNotes {
    if (start < 1) {
      throw new IllegalArgumentException("Starts count from 1: " + start);
    }
    tasksTold = List.copyOf(tasksTold);
  }

  /// What of it holds on a new boot.
  JobNotes atBoot() {
    return new JobNotes(1, newest, false, tasksTold);
  }

  JobNotes nextStart() {
    return new JobNotes(start + 1, newest, false, tasksTold);
  }

  JobNotes withNewest(String place) {
    return new JobNotes(start, place, stalled, tasksTold);
  }

  JobNotes withStalled(boolean is) {
    return new JobNotes(start, newest, is, tasksTold);
  }

  JobNotes withTold(String digest) {
    List<String> told = new ArrayList<>(tasksTold);
    told.add(digest);
    if (told.size() > MAX_TASKS) {
      told.removeFirst();
    }
    return new JobNotes(start, newest, stalled, told);
  }
}
