package dev.salvor.agent.link;

/// What a box says when it enrols.
///
/// @param instanceId the platform's word; empty where it gives none
public record EnrolmentFacts(
    String joinToken, String run, int generation, String instanceId, int boot) {
  /// Never the token.
  @Override
  public String toString() {
    return "EnrolmentFacts[***, " + run + " " + generation + ", boot " + boot + "]";
  }
}
