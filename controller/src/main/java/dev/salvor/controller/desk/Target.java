package dev.salvor.controller.desk;

import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.view.Snapshot;
import java.util.List;
import java.util.Optional;

/// The one rental that a request to destroy means.
record Target(Snapshot run, Rental rental, long instance) {

  /// What must be typed to lose what it holds: naming it is the price of losing it.
  String phrase() {
    return run.state().cargo().frontier() instanceof Cargo.Frontier.At at
        ? "lose everything after step %d on instance %d".formatted(at.step(), instance)
        : "lose everything on instance %d".formatted(instance);
  }

  /// The run goes on with another box.
  boolean left() {
    return !run.state().over()
        && run.state().current().filter(c -> !c.ref().equals(rental.ref())).isPresent();
  }

  /// By instance number, or by a run that has one rental left.
  static Target find(String name, Clerk clerk) throws DeskException {
    if (isNumber(name)) {
      return of(name, clerk)
          .orElseThrow(() ->
              new DeskException(
                  DeskException.Kind.NOT_FOUND,
                  "No run of ours holds instance %s. 'salvor ps' lists those there are."
                      .formatted(name)));
    }
    Snapshot run = clerk.find(name);
    List<Target> held = held(run);
    if (held.isEmpty()) {
      throw new DeskException(
          DeskException.Kind.NOT_FOUND,
          "Run %s holds no box: there is nothing to destroy.".formatted(run.state().spec().run()));
    }
    if (held.size() > 1) {
      throw new DeskException(
          DeskException.Kind.BAD_REQUEST,
          "Run %s holds several boxes: name one of %s."
              .formatted(run.state().spec().run(), held.stream().map(Target::instance).toList()));
    }
    return held.getFirst();
  }

  /// The box of a run that is there now, the newest if there are several, or the one of that
  /// number. Empty for a number that is not ours.
  static Optional<Target> of(String name, Clerk clerk) throws DeskException {
    if (isNumber(name)) {
      return clerk
          .snapshots()
          .flatMap(run -> held(run).stream())
          .filter(target -> Long.toString(target.instance()).equals(name))
          .findFirst();
    }
    Snapshot run = clerk.find(name);
    List<Target> held = held(run);
    if (held.isEmpty()) {
      throw new DeskException(
          DeskException.Kind.NOT_FOUND,
          "Run %s holds no box now. 'salvor ps' shows which do."
              .formatted(run.state().spec().run()));
    }
    return Optional.of(held.getLast());
  }

  static long number(String name) throws DeskException {
    try {
      return Long.parseLong(name);
    } catch (NumberFormatException e) {
      throw new DeskException(
          DeskException.Kind.BAD_REQUEST, "No instance has the number " + name + ".", e);
    }
  }

  static boolean isNumber(String name) {
    return !name.isEmpty() && name.chars().allMatch(Character::isDigit);
  }

  private static List<Target> held(Snapshot run) {
    return run.state().rentals().values().stream()
        .filter(Rental::held)
        .map(rental -> new Target(run, rental, instance(rental)))
        .toList();
  }

  private static long instance(Rental rental) {
    return rental.hold() instanceof Rental.Hold.Held held ? held.instance().value() : 0;
  }
}
