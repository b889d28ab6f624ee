package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.cli.Account;
import dev.salvor.controller.cli.Exit;
import dev.salvor.controller.cli.Failure;
import dev.salvor.controller.cli.Session;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.provider.InstanceView;
import dev.salvor.controller.provider.Instances;
import dev.salvor.controller.provider.Marketplace;
import dev.salvor.controller.provider.OfferBook;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.Row;
import dev.salvor.controller.provider.SshAddress;
import dev.salvor.controller.provider.Volumes;
import dev.salvor.controller.provider.vast.VastConfig;
import dev.salvor.controller.provider.vast.VastKey;
import dev.salvor.controller.provider.vast.VastProvider;
import dev.salvor.controller.tunnel.TunnelException;
import dev.salvor.controller.tunnel.UserKey;
import dev.salvor.controller.view.DetailView;
import dev.salvor.controller.view.DetailView.Fact;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.OffersView;
import dev.salvor.controller.view.RentedView;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// The user's account at vast, for verbs that look at the marketplace itself.
///
/// @param home the user's, where his ssh keys are
record VastAccount(Marketplace market, StateDir dir, Path home, Login login) implements Account {
  /// The platform would cut by its own price: where ours is the order, all that fits is ranked.
  private static final int WHOLE_MARKET = 1000;

  static Account open(Session session, StateDir dir) throws Failure {
    VastKey key =
        VastKey.find(session.env(), session.home())
            .orElseThrow(() ->
                new Failure(
                    Exit.PLATFORM,
                    "Cannot ask the platform: there is no key in VAST_API_KEY nor where vastai"
                        + " keeps one. Set VAST_API_KEY, or run 'vastai set api-key'."));
    try {
      String url = VastKey.url(session.env());
      VastConfig config = VastConfig.of(url, key.key());
      return new VastAccount(
          new VastProvider(config).marketplace(),
          dir,
          Path.of(session.home()),
          new Login(URI.create(url), key.key()));
    } catch (IllegalArgumentException e) {
      throw new Failure(Exit.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public OffersView offers(Question question) throws Failure {
    OfferBook.Found found =
        asked(() ->
            market
                .offers()
                .find(
                    new OfferBook.Question(
                        OfferTable.capped(question),
                        question.order(),
                        question.diskGb(),
                        question.interruptible(),
                        question.order().isBlank() ? WHOLE_MARKET : question.limit(),
                        question.image())));
    return OfferTable.of(found, question);
  }

  @Override
  public List<String> fields() {
    return market.offers().fields().stream()
        .map(field -> String.format(Locale.ROOT, "%-22s %s", field.name(), field.unit()).strip())
        .toList();
  }

  @Override
  public RentedView instances() throws Failure {
    Instances.Listed listed = asked(() -> market.instances().listed());
    return new RentedView(listed.rows().stream().map(VastAccount::line).toList(), listed.raw());
  }

  private static RentedView.Line line(Row row) {
    return new RentedView.Line(
        row.instance().value(),
        row.label(),
        row.sight().status().name().toLowerCase(Locale.ROOT),
        row.gpu(),
        row.gpus(),
        row.sight().burn().dollars(),
        row.sight().words());
  }

  @Override
  public DetailView instance(long id) throws Failure {
    if (id <= 0) {
      throw new Failure(
          Exit.USAGE, "Cannot show instance %d: numbers are positive. Correct it.".formatted(id));
    }
    InstanceView view =
        asked(() -> market.instances().show(new InstanceId(id)))
            .orElseThrow(() ->
                new Failure(
                    Exit.NOT_FOUND,
                    "Cannot show instance %d: the platform has none of that number. 'salvor instances' lists yours."
                        .formatted(id)));
    return new DetailView(facts(view), view.raw());
  }

  private static List<Fact> facts(InstanceView view) {
    Row row = view.row();
    UsdPerHour storage = row.storage();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("instance", row.instance().toString()));
    facts.add(new Fact("label", row.label().isEmpty() ? "-" : row.label()));
    facts.add(new Fact("status", row.sight().words()));
    facts.add(new Fact("gpu", row.gpus() + " x " + row.gpu()));
    facts.add(new Fact("machine", row.machine() + " in " + view.place().where()));
    facts.add(new Fact("image", view.image().name() + " (" + view.image().runtype() + ")"));
    facts.add(new Fact("burn now", row.sight().burn().toString()));
    facts.add(new Fact("burn stopped", storage + ", " + perDay(storage) + " a day"));
    facts.add(new Fact("disk", "%.0f GB".formatted(view.disk().gb())));
    facts.add(new Fact("contract ends", view.span().ends().map(Object::toString).orElse("-")));
    facts.add(new Fact("ssh", view.ssh().map(VastAccount::url).orElse("-")));
    new TreeMap<>(view.ports())
        .forEach((inside, outside) -> facts.add(new Fact("port " + inside, outside.toString())));
    return facts;
  }

  private static String url(SshAddress ssh) {
    String host = ssh.host().contains(":") ? "[" + ssh.host() + "]" : ssh.host();
    return "ssh://root@%s:%d%s".formatted(host, ssh.port(), ssh.direct() ? "" : " (by proxy)");
  }

  private static String perDay(UsdPerHour price) {
    return String.format(Locale.ROOT, "$%.2f", price.dollars() * 24);
  }

  @Override
  public DoorView door(long id, Optional<Path> named) throws Failure {
    if (id <= 0) {
      throw none(id);
    }
    try {
      dir.prepare();
      Optional<UserKey> key =
          named.isPresent() ? Optional.of(UserKey.named(named.get())) : UserKey.usual(home);
      return new Doors(market, dir.root())
          .view(new InstanceId(id), key)
          .orElseThrow(() -> none(id));
    } catch (ProviderException e) {
      throw new Failure(Exit.PLATFORM, String.valueOf(e.getMessage()), e);
    } catch (TunnelException | DeskException e) {
      throw new Failure(Exit.ENVIRONMENT, String.valueOf(e.getMessage()), e);
    }
  }

  private static Failure none(long id) {
    return new Failure(
        Exit.NOT_FOUND,
        "The platform has no instance %d. 'salvor instances' lists yours.".formatted(id));
  }

  @Override
  public List<String> logs(long id, int tail, String filter, boolean daemon) throws Failure {
    if (id <= 0) {
      throw none(id);
    }
    var part = new Instances.LogRequest(Math.max(1, tail), filter, daemon);
    return asked(() -> market.instances().logs(new InstanceId(id), part)).lines().toList();
  }

  @Override
  public Optional<String> words(long id) throws Failure {
    return id <= 0
        ? Optional.empty()
        : asked(() -> market.instances().show(new InstanceId(id)))
            .map(view -> view.row().sight().words());
  }

  @Override
  public DetailView volumes() throws Failure {
    Volumes.Listed listed = asked(() -> market.volumes().listed());
    List<Fact> facts =
        listed.volumes().stream()
            .map(v ->
                new Fact(
                    "V." + v.id(),
                    "%s, %.0f GB on machine %s, %s, used by %d%s"
                        .formatted(
                            v.name(),
                            v.gb(),
                            v.machine(),
                            v.status(),
                            v.instances(),
                            v.price().micros() == 0 ? "" : ", " + v.price())))
            .toList();
    return new DetailView(facts, listed.raw());
  }

  @Override
  public DetailView user() throws Failure {
    var user = asked(() -> market.account().user());
    List<Fact> facts =
        List.of(
            new Fact("user", Long.toString(user.id())),
            new Fact("email", user.email()),
            new Fact("credit", user.credit().toString()));
    return new DetailView(facts, user.raw());
  }

  /// One question to the platform.
  private interface Asking<T> {
    T ask() throws ProviderException;
  }

  private static <T> T asked(Asking<T> asking) throws Failure {
    try {
      return asking.ask();
    } catch (ProviderException e) {
      boolean ours = e.kind() == ProviderException.Kind.REFUSED;
      throw new Failure(ours ? Exit.USAGE : Exit.PLATFORM, String.valueOf(e.getMessage()), e);
    }
  }
}
