package dev.salvor.controller.sandbox;

import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.box.BoxOrder;
import dev.salvor.controller.sandbox.box.BoxState;
import dev.salvor.controller.sandbox.box.Boxes;
import dev.salvor.controller.sandbox.market.BoxHost;
import dev.salvor.controller.sandbox.ssh.SshDoors;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;

/// This machine as the market's machine room: real boxes behind real doors.
record LocalHost(Boxes boxes, SshDoors doors) implements BoxHost {
  @Override
  public int openDoor(long id, int wanted) throws BoxException {
    try {
      return doors.open(id, wanted);
    } catch (IOException e) {
      throw new BoxException("Cannot open an ssh port for box " + id, e);
    }
  }

  @Override
  public void start(BoxOrder order) throws BoxException {
    boxes.start(order);
  }

  @Override
  public BoxState state(long id) {
    return boxes.state(id);
  }

  @Override
  public String refusal(long id) {
    return boxes.refusal(id);
  }

  @Override
  public void shutDoor(long id) {
    doors.shut(id);
  }

  @Override
  public void createVolume(long id) throws BoxException {
    boxes.createVolume(id);
  }

  @Override
  public void deleteVolume(long id) throws BoxException {
    boxes.deleteVolume(id);
  }

  @Override
  public void kill(long id) throws BoxException {
    boxes.kill(id);
    doors.shut(id);
  }

  @Override
  public void destroy(long id) throws BoxException {
    boxes.destroy(id);
    doors.shut(id);
  }

  @Override
  public Set<Long> known() throws BoxException {
    return boxes.known();
  }

  @Override
  public boolean reaches(long id, Pattern pattern, long number) {
    return boxes.disk(id).reaches(pattern, number);
  }

  @Override
  public long diskBytes(long id) {
    return boxes.disk(id).bytes();
  }
}
