package dev.salvor.agent.main;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.link.GrpcLink;
import dev.salvor.agent.loop.LinkPort;
import java.util.function.Consumer;

/// The gRPC link as the loop's link.
record LinkAdapter(GrpcLink link) implements LinkPort {
  @Override
  public void dial(Action.Dial dial, Consumer<AgentEvent.FromLink> inbox) {
    link.dial(dial, inbox);
  }

  @Override
  public void act(Action.ForLink action) {
    link.act(action);
  }
}
