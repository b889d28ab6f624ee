package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.ca.CaException;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.JoinToken;
import dev.salvor.controller.ca.JoinTokens;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.effect.Papers;
import dev.salvor.controller.launch.Launch;
import dev.salvor.controller.launch.LaunchException;
import dev.salvor.controller.launch.LaunchFacts;
import dev.salvor.controller.launch.Rendered;
import dev.salvor.controller.launch.StartText;
import dev.salvor.controller.provider.Extras;
import dev.salvor.controller.provider.ImageLogin;
import dev.salvor.controller.provider.Provider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes what a rental is sent out with.
///
/// @param endpoints where a box finds us
/// @param platform where the box finds the platform, to stop itself by its own key
/// @param secrets what must stay out of everything that the platform stores
record LaunchPapers(
    CertificateAuthority authority,
    JoinTokens tokens,
    Launch launch,
    Endpoints endpoints,
    String platform,
    Secrets secrets)
    implements Papers {

  /// What boxes are told of where we are.
  ///
  /// @param usual nothing, where we go to them by ssh
  /// @param dialled for a box without sshd, which must dial us
  record Endpoints(List<String> usual, List<String> dialled) {
    List<String> of(RunSpec.Box box) {
      return box.hasSshd() ? usual : dialled;
    }
  }

  /// The account's key, and the users' own secrets.
  ///
  /// @param env the controller's own
  record Secrets(Secret apiKey, SecretBook book, Map<String, String> env) {
    /// How an image is pulled: as whoever asked for the run said it, else as this process was told.
    Map<String, String> login(RunId run) throws PapersException {
      Map<String, String> all = new HashMap<>(env);
      try {
        book.known(run, ImageLogin.VARIABLES)
            .forEach((name, value) -> all.put(name, value.reveal()));
      } catch (IOException e) {
        throw new PapersException("Cannot rent a box: " + e.getMessage(), e);
      }
      return all;
    }

    List<Secret> of(RunId run, RunSpec spec) throws PapersException {
      List<Secret> all = new ArrayList<>(List.of(apiKey));
      try {
        all.addAll(book.of(run, spec.job().care().secrets()).values());
      } catch (IOException e) {
        throw new PapersException("Cannot rent a box: " + e.getMessage(), e);
      }
      return all;
    }
  }

  @Override
  public Provider.CreateRequest write(RunId run, RunSpec spec, Effect.Create create)
      throws PapersException {
    Label label = new Label(authority.fleet(), run, create.rental());
    try {
      JoinToken token = tokens.mint(new Identity(authority.fleet(), run, create.rental()));
      LaunchFacts facts = facts(run, spec, create.rental(), token);
      Rendered rendered = launch.render(facts);
      Started started = Started.of(spec.box(), rendered, facts.endpoints(), platform);
      Extras extras = Started.extras(spec, started.shape(), secrets.login(run));
      return started
          .request(spec, label, create.offer().id(), create.price(), create.bid())
          .with(extras);
    } catch (CaException | LaunchException | IllegalArgumentException e) {
      throw new PapersException(String.valueOf(e.getMessage()), e);
    }
  }

  /// What a box gets that somebody else has started.
  ///
  /// @param start the text that sets what our start-up text needs, and runs it
  record Aboard(Label label, Secret token, String onstart, String start) {}

  Aboard aboard(RunId run, RunSpec spec, RentalRef rental) throws PapersException {
    try {
      JoinToken token = tokens.mint(new Identity(authority.fleet(), run, rental));
      Rendered rendered = launch.render(facts(run, spec, rental, token));
      return new Aboard(
          new Label(authority.fleet(), run, rental),
          new Secret(token.secret()),
          rendered.onstart(),
          StartText.of(rendered.env()));
    } catch (CaException | LaunchException | IllegalArgumentException e) {
      throw new PapersException(String.valueOf(e.getMessage()), e);
    }
  }

  private LaunchFacts facts(RunId run, RunSpec spec, RentalRef rental, JoinToken token)
      throws PapersException {
    return new LaunchFacts(
        run,
        rental.generation(),
        endpoints.of(spec.box()),
        authority.pin(),
        new Secret(token.secret()),
        Map.of("SALVOR_PLATFORM", platform),
        spec.box(),
        secrets.of(run, spec));
  }
}
