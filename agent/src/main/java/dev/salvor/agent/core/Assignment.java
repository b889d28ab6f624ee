package dev.salvor.agent.core;

/// The job that this box was given, if it was.
public sealed interface Assignment {
  /// None yet.
  record Open() implements Assignment {}

  /// A Proceed came: under this order, this job, from there.
  record Given(String orderId, JobSpec job, StartFrom from) implements Assignment {}
}
