package dev.salvor.controller.desk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.util.List;

/// Answers from a journal that no controller works on: everything can be read, nothing asked for.
public final class Archive implements Counter {
  private final Clerk clerk;

  /// @param records what the journal says; its `submit` refuses
  public Archive(Bridge records) {
    this.clerk = new Clerk(records);
  }

  @Override
  public Answer ask(Request request) throws DeskException {
    Last last = new Last();
    answer(request, last);
    return last.answer;
  }

  @Override
  public void follow(Request request, Listener listener) throws DeskException {
    listener.hear(ask(request));
  }

  private void answer(Request request, Clerk.Sink sink) throws DeskException {
    try {
      clerk.answer(request, sink);
    } catch (IOException _) {
      // A stream's first pause: an archive has nothing more to say.
    }
  }

  /// Keeps the one answer that matters.
  private final class Last implements Clerk.Sink {
    private Answer answer = new Answer(NullNode.instance, List.of());

    @Override
    public void send(Object reply) throws IOException {
      JsonNode body = Json.tree(Json.bytes(reply));
      answer = new Answer(body, clerk.notices());
    }

    @Override
    public void pause(long millis) throws IOException {
      throw new IOException("An archive does not change");
    }
  }
}
