package dev.salvor.controller.cli;

import dev.salvor.common.unit.Secret;
import dev.salvor.controller.view.DetailView;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.MachineView;
import dev.salvor.controller.view.OffersView;
import dev.salvor.controller.view.RentedView;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// The user's account at the marketplace itself, as far as verbs ask it: looking only.
public interface Account {

  /// Where it is, and by which key it is entered.
  Login login();

  OffersView offers(Question question) throws Failure;

  /// Every field of the query language with its unit.
  List<String> fields();

  RentedView instances() throws Failure;

  DetailView instance(long id) throws Failure;

  /// The way into one, ours or not; the user's key is given to it.
  ///
  /// @param key the private key that the user named
  DoorView door(long id, Optional<Path> key) throws Failure;

  /// What the platform has of a rental's log, oldest line first.
  ///
  /// @param filter lines with this text only; empty for all
  /// @param daemon of the host's daemon instead of the container
  List<String> logs(long id, int tail, String filter, boolean daemon) throws Failure;

  /// What the platform says of the state of one, in its own words; empty if it has none of that
  /// number.
  Optional<String> words(long id) throws Failure;

  DetailView volumes() throws Failure;

  DetailView user() throws Failure;

  /// How a controller enters it. The key stays on this machine.
  record Login(URI platform, Secret key) {}

  /// What offers are wanted, and how they will be used.
  ///
  /// @param image whose CUDA the hosts must speak; empty for none
  /// @param cap the most an hour may cost, without traffic; empty for any price
  /// @param failed machines that failed us: they come last
  record Question(
      String query,
      String image,
      String order,
      int diskGb,
      boolean interruptible,
      int limit,
      Use use,
      OptionalDouble cap,
      List<MachineView> failed) {
    public Question {
      failed = List.copyOf(failed);
    }
  }

  /// How long a box is wanted, over which traffic and boot are spread, and the bytes expected onto
  /// it and off it.
  record Use(double hours, double downGb, double upGb) {}
}
