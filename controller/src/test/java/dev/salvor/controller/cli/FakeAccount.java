package dev.salvor.controller.cli;

import dev.salvor.common.unit.Secret;
import dev.salvor.controller.view.DetailView;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.OffersView;
import dev.salvor.controller.view.RentedView;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// An account with one instance, of which the platform says what it is told to.
///
/// @param status the platform's words of it
record FakeAccount(URI platform, String status, List<String> log) implements Account {
  static FakeAccount at(String url) {
    return new FakeAccount(URI.create(url), "running", List.of());
  }

  static FakeAccount saying(String status, String... log) {
    return new FakeAccount(URI.create("http://127.0.0.1:1"), status, List.of(log));
  }

  @Override
  public Login login() {
    return new Login(platform, new Secret("key"));
  }

  @Override
  public Optional<String> words(long id) {
    return Optional.of(status);
  }

  @Override
  public List<String> logs(long id, int tail, String filter, boolean daemon) {
    return log;
  }

  @Override
  public OffersView offers(Question question) throws Failure {
    throw none();
  }

  @Override
  public List<String> fields() {
    return List.of();
  }

  @Override
  public RentedView instances() throws Failure {
    throw none();
  }

  @Override
  public DetailView instance(long id) throws Failure {
    throw none();
  }

  @Override
  public DoorView door(long id, Optional<Path> key) throws Failure {
    throw none();
  }

  @Override
  public DetailView volumes() throws Failure {
    throw none();
  }

  @Override
  public DetailView user() throws Failure {
    throw none();
  }

  private static Failure none() {
    return new Failure(Exit.PLATFORM, "The platform was not told what to say.");
  }
}
