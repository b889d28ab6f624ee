package dev.salvor.controller.market;

import dev.salvor.controller.sandbox.box.BoxOrder;
import dev.salvor.controller.sandbox.box.BoxState;
import dev.salvor.controller.sandbox.market.BoxHost;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A machine room of paper, whose boxes are up as soon as they are started.
final class PaperHost implements BoxHost {
  private final Set<Long> up = new TreeSet<>();
  private final Set<Long> disks = new TreeSet<>();

  @Override
  public int openDoor(long id, int wanted) {
    return 22_000 + (int) (id % 1000);
  }

  @Override
  public void start(BoxOrder order) {
    up.add(order.id());
    disks.add(order.id());
  }

  @Override
  public BoxState state(long id) {
    return up.contains(id) ? BoxState.UP : BoxState.DOWN;
  }

  @Override
  public String refusal(long id) {
    return "";
  }

  @Override
  public void shutDoor(long id) {}

  @Override
  public void createVolume(long id) {}

  @Override
  public void deleteVolume(long id) {}

  @Override
  public void kill(long id) {
    up.remove(id);
  }

  @Override
  public void destroy(long id) {
    up.remove(id);
    disks.remove(id);
  }

  @Override
  public Set<Long> known() {
    return Set.copyOf(disks);
  }

  @Override
  public boolean reaches(long id, Pattern pattern, long number) {
    return false;
  }

  @Override
  public long diskBytes(long id) {
    return 0;
  }
}
