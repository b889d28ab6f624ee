package dev.salvor.controller.sandbox.market;

import java.util.List;

/// What one rents: a slot of a machine.
record Lot(Machine machine, Slot slot) {
  /// Every lot of a machine, the whole first.
  static List<Lot> of(Machine machine) {
    return Slot.of(machine.gpus()).stream().map(slot -> new Lot(machine, slot)).toList();
  }

  /// How much of the machine it is.
  double share() {
    return (double) slot.gpus() / machine.gpus();
  }

  int number() {
    return slot.number(machine.gpus());
  }

  /// As if it were a machine by itself, with its part of everything but the line and the disk's
  /// price.
  Machine part() {
    return slot.gpus() == machine.gpus() ? machine : machine.part(slot.gpus(), share());
  }
}
