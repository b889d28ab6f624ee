package dev.salvor.controller.intake;

import dev.salvor.controller.core.Fact;
import dev.salvor.proto.v1.AgentFrame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Frames that a box wrote into a file, since it could not send them: read as hostile as any.
public final class WrittenFrames {
  /// The start, the end and the reason of a boot.
  private static final int MAX_FRAMES = 16;

  private WrittenFrames() {}

  /// The facts in delimited frames, in order. Throws IllegalArgumentException where one does not
  /// hold.
  public static List<Fact> facts(Caller caller, byte[] bytes, Instant at) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    List<Fact> facts = new ArrayList<>();
    try {
      while (in.available() > 0 && facts.size() < MAX_FRAMES) {
        AgentFrame frame = AgentFrame.parseDelimitedFrom(in);
        FrameReader.requireFits(frame);
        FrameReader.fact(caller, frame, at).ifPresent(facts::add);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a file of frames: " + e.getMessage(), e);
    }
    return List.copyOf(facts);
  }
}
