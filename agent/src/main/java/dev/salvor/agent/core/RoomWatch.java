package dev.salvor.agent.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is known of the box's disks, and how far each that is short was helped.
///
/// @param at when to look again (monotonic ms)
/// @param busy a look or a relief is under way
/// @param episodes by place, of disks that are short
/// @param samples by place, what was free a while ago
/// @param count of notices so far, so that each is told under a key of its own
/// @param need what the next checkpoint will want
/// @param disks where checkpoints are written, as last seen
record RoomWatch(
    long at,
    boolean busy,
    Map<String, Episode> episodes,
    Map<String, Sample> samples,
    int count,
    Need need,
    List<Disk> disks) {
  RoomWatch {
    disks = List.copyOf(disks);
    episodes = Map.copyOf(episodes);
    samples = Map.copyOf(samples);
  }

  /// One disk from running short to having room again.
  ///
  /// @param tried reliefs so far
  /// @param gave what they gave back, in words
  /// @param told a person was told
  /// @param again when to try them anew (monotonic ms)
  record Episode(int tried, String gave, boolean told, long again) {}

  /// What was free at a moment (monotonic ms).
  record Sample(long at, long freeBytes, long freeInodes) {}

  static RoomWatch from(long now) {
    return new RoomWatch(now, false, Map.of(), Map.of(), 0, Need.UNKNOWN, List.of());
  }

  RoomWatch next(long later, boolean isBusy) {
    return new RoomWatch(later, isBusy, episodes, samples, count, need, disks);
  }

  RoomWatch with(String place, Episode episode) {
    Map<String, Episode> changed = new HashMap<>(episodes);
    changed.put(place, episode);
    return new RoomWatch(at, busy, changed, samples, count, need, disks);
  }

  RoomWatch with(AgentEvent.RoomSeen seen) {
    List<Disk> ofCheckpoints = seen.disks().stream().filter(Disk::checkpoints).toList();
    return new RoomWatch(at, busy, episodes, samples, count, seen.need(), ofCheckpoints);
  }

  RoomWatch told() {
    return new RoomWatch(at, busy, episodes, samples, count + 1, need, disks);
  }

  RoomWatch without(String place) {
    Map<String, Episode> changed = new HashMap<>(episodes);
    changed.remove(place);
    return new RoomWatch(at, busy, changed, samples, count, need, disks);
  }

  RoomWatch with(String place, Sample sample) {
    Map<String, Sample> changed = new HashMap<>(samples);
    changed.put(place, sample);
    return new RoomWatch(at, busy, episodes, changed, count, need, disks);
  }
}
