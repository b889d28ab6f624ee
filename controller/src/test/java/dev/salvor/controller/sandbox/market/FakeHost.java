package dev.salvor.controller.sandbox.market;

import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.box.BoxOrder;
import dev.salvor.controller.sandbox.box.BoxState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A machine room of paper: boxes are up as soon as they are started, and can be told to fail.
final class FakeHost implements BoxHost {
  final Map<Long, BoxOrder> running = new TreeMap<>();
  final Set<Long> disks = new TreeSet<>();
  final List<String> done = new ArrayList<>();
  final Map<Long, String> names = new HashMap<>();
  final Set<Long> volumes = new TreeSet<>();
  final Map<Long, String> refusals = new HashMap<>();
  boolean failsToStart;

  @Override
  public int openDoor(long id, int wanted) {
    return wanted > 0 ? wanted : 22_000 + (int) (id % 1000);
  }

  @Override
  public void start(BoxOrder order) throws BoxException {
    if (failsToStart) {
      throw new BoxException("no room");
    }
    running.put(order.id(), order);
    disks.add(order.id());
    done.add("start " + order.id());
  }

  @Override
  public BoxState state(long id) {
    return running.containsKey(id) ? BoxState.UP : BoxState.DOWN;
  }

  @Override
  public String refusal(long id) {
    return refusals.getOrDefault(id, "");
  }

  @Override
  public void shutDoor(long id) {
    done.add("shut " + id);
  }

  @Override
  public void createVolume(long id) {
    volumes.add(id);
  }

  @Override
  public void deleteVolume(long id) {
    volumes.remove(id);
  }

  @Override
  public void kill(long id) {
    if (running.remove(id) != null) {
      done.add("kill " + id);
    }
  }

  @Override
  public void destroy(long id) {
    kill(id);
    disks.remove(id);
    done.add("destroy " + id);
  }

  @Override
  public Set<Long> known() {
    return Set.copyOf(disks);
  }

  @Override
  public boolean reaches(long id, Pattern pattern, long number) {
    var matcher = pattern.matcher(names.getOrDefault(id, ""));
    return matcher.find() && Long.parseLong(matcher.group(1)) >= number;
  }

  @Override
  public long diskBytes(long id) {
    return 1_000_000_000;
  }
}
