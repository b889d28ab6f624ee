package dev.salvor.agent.loop;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import java.util.function.Consumer;

/// The stream to the controller. Nothing here blocks.
public interface LinkPort {
  /// Dials; what comes of it, and of the stream, goes into the inbox given.
  void dial(Action.Dial dial, Consumer<AgentEvent.FromLink> inbox);

  /// Anything but a dial.
  void act(Action.ForLink action);
}
