package dev.salvor.agent.link;

import java.util.function.Supplier;

/// What a box says when it enrols.
///
/// @param token asked for at each enrolment: a box that lost its key is brought another
/// @param instanceId the platform's word; empty where it gives none
public record EnrolmentFacts(
    Supplier<String> token, String run, int generation, String instanceId, int boot) {
  public EnrolmentFacts(String joinToken, String run, int generation, String instanceId, int boot) {
    this(() -> joinToken, run, generation, instanceId, boot);
  }

  String joinToken() {
    return token.get();
  }

  /// Never the token.
  @Override
  public String toString() {
    return "EnrolmentFacts[***, " + run + " " + generation + ", boot " + boot + "]";
  }
}
