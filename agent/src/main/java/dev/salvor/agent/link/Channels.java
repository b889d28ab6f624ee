package dev.salvor.agent.link;

import dev.salvor.common.tls.Credentials;
import io.grpc.ManagedChannel;
import java.util.Optional;

/// Opens channels to a controller, trusting none but the pinned.
@FunctionalInterface
public interface Channels {
  /// Without credentials only enrolment is answered.
  ManagedChannel open(Endpoint endpoint, Optional<Credentials> as);
}
