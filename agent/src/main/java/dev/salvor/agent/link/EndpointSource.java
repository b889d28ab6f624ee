package dev.salvor.agent.link;

import java.io.IOException;
import java.util.List;

/// Tells where the controller is now; asked at each dial, since a tunnel's port changes.
@FunctionalInterface
public interface EndpointSource {
  List<Endpoint> endpoints() throws IOException;
}
