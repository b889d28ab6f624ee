package dev.salvor.controller.core;

/// What a rental's disk holds of the run's job: the one word for "is it new".
public enum Disk {
  /// No order to start was ever made for it: nothing of the job can be there.
  NEW,
  /// An order was made, and whether it was carried out is not known: a restore may be half there.
  TOLD,
  /// The job began on it, from its start or from a checkpoint that came whole: it goes on from
  /// itself.
  OWN
}
