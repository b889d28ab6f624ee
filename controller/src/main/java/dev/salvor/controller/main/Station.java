package dev.salvor.controller.main;

import dev.salvor.common.unit.Secret;
import dev.salvor.controller.ca.CaException;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.Enrolment;
import dev.salvor.controller.ca.FileTokenStore;
import dev.salvor.controller.ca.JoinTokens;
import dev.salvor.controller.cargo.CargoLimits;
import dev.salvor.controller.cargo.Staging;
import dev.salvor.controller.cargo.TargetByRun;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Watch;
import dev.salvor.controller.core.rule.Decide;
import dev.salvor.controller.effect.Workers;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.IntakeException;
import dev.salvor.controller.intake.IntakeServer;
import dev.salvor.controller.journal.JournalException;
import dev.salvor.controller.journal.SqliteJournal;
import dev.salvor.controller.launch.Launch;
import dev.salvor.controller.loop.Loop;
import dev.salvor.controller.loop.LoopThread;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.vast.VastConfig;
import dev.salvor.controller.provider.vast.VastProvider;
import dev.salvor.controller.tunnel.Ssh;
import dev.salvor.controller.verify.ReceiptKey;
import dev.salvor.controller.verify.Verifier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A running controller: every part made once, in order, and ended in the opposite order. Wiring
/// only.
final class Station implements AutoCloseable {
  private static final Duration BEAT_TTL = Duration.ofSeconds(2);
  private static final Duration TICK = Duration.ofMillis(250);

  /// On the platform a list every 5 s serves all rentals; a sandbox does not mind.
  private static final Duration POLL = Duration.ofSeconds(5);

  private static final Duration SANDBOX_POLL = Duration.ofMillis(500);

  /// Charges come in lumps; each look is a call or two.
  private static final Duration BILLS = Duration.ofMinutes(10);

  private static final Duration SANDBOX_BILLS = Duration.ofSeconds(5);

  private final Parts parts;

  private Station(Parts parts) {
    this.parts = parts;
  }

  /// What runs, in the order in which it is ended.
  private record Parts(
      Optional<Tunnels> tunnels,
      Poller poller,
      Accountant accountant,
      Workers workers,
      IntakeServer intake,
      LoopThread loop,
      SqliteJournal journal,
      LoopBridge bridge) {}

  /// What it is started with.
  ///
  /// @param access how boxes and we come together
  /// @param policy the numbers that its user turned
  /// @param died told when the journal can no longer be written
  record Settings(
      Path stateDir,
      String providerUrl,
      Secret apiKey,
      String listen,
      boolean sandbox,
      Access access,
      Policy policy,
      Consumer<Throwable> died) {}

  /// How boxes and the controller come together.
  ///
  /// @param agent what is brought to boxes that have no agent
  record Access(Reach reach, AgentBundle.Source agent) {}

  /// What the other parts are made from.
  private record Foundation(
      Settings settings,
      InstantSource clock,
      Mailbox mailbox,
      Board board,
      LoopBridge bridge,
      CertificateAuthority authority,
      JoinTokens tokens,
      Alarms alarms,
      Hold hold,
      SecretBook book) {}

  /// Opens everything; when it returns, boxes can dial in and the loop runs.
  static Station open(Settings settings)
      throws IOException, JournalException, CaException, IntakeException {
    Foundation base = foundation(settings);
    SqliteJournal journal = SqliteJournal.open(settings.stateDir());
    InetSocketAddress address = new Ports(settings.stateDir()).choose(settings.listen());
    IntakeServer intake = listen(base, address);
    base.bridge().serve(intake.berths());
    String endpoint = address.getHostString() + ":" + intake.port();
    VastProvider provider =
        new VastProvider(VastConfig.of(settings.providerUrl(), settings.apiKey()));
    Doors doors = new Doors(provider.marketplace(), settings.stateDir());
    base.bridge().serve(doors);
    base.alarms().open(rearming(base, doors));
    Workers workers =
        workers(
            base,
            provider,
            intake,
            doors,
            new LaunchPapers.Endpoints(
                settings.access().reach().endpoints(endpoint),
                settings.access().reach().dialled(endpoint)));
    Watch watch =
        new Watch(
            base.authority().fleet(), BEAT_TTL, base.clock().instant(), settings.policy().caps());
    Loop loop = new Loop(base.clock(), journal, workers, Decide.by(settings.policy()), watch);
    LoopThread thread = new LoopThread(loop, TICK, settings.died());
    base.mailbox().open(thread);
    loop.recover();
    thread.start();
    Poller poller = poller(base, provider);
    poller.start();
    base.bridge().serve(() -> poller.others(base.authority().fleet()));
    Accountant accountant =
        new Accountant(
            provider.marketplace(),
            settings.sandbox() ? SANDBOX_BILLS : BILLS,
            base.clock(),
            base.mailbox());
    accountant.start();
    Optional<Tunnels> tunnels = tunnels(base, doors, intake.port());
    tunnels.ifPresent(Tunnels::start);
    return new Station(
        new Parts(tunnels, poller, accountant, workers, intake, thread, journal, base.bridge()));
  }

  /// Looks at the market, and after each look at what ended runs left here.
  private static Poller poller(Foundation base, Provider provider) {
    return new Poller(
        provider,
        base.settings().sandbox() ? SANDBOX_POLL : POLL,
        base.clock(),
        base.mailbox(),
        new SecretSweep(base.book(), base.bridge()));
  }

  private static Foundation foundation(Settings settings) throws IOException, CaException {
    InstantSource clock = InstantSource.system();
    Path dir = settings.stateDir();
    Mailbox mailbox = new Mailbox();
    Board board = new Board();
    SecretBook book = new SecretBook(dir, Optional.of(settings.apiKey()));
    LoopBridge bridge = new LoopBridge(mailbox, board, book, clock);
    CertificateAuthority authority =
        CertificateAuthority.open(dir.resolve("ca"), Fleet.of(dir), clock);
    Alarms alarms = new Alarms(mailbox, clock);
    FileTokenStore store = FileTokenStore.open(dir.resolve("ca").resolve("tokens"));
    return new Foundation(
        settings,
        clock,
        mailbox,
        board,
        bridge,
        authority,
        new JoinTokens(store, clock, new SecureRandom(), alarms),
        alarms,
        hold(dir, mailbox, bridge, clock),
        book);
  }

  private static IntakeServer listen(Foundation base, InetSocketAddress address)
      throws IOException, IntakeException {
    CertificateAuthority authority = base.authority();
    Enrolment enrolment = new Enrolment(authority, base.tokens(), base.bridge()::standing);
    CaRegistrar registrar = new CaRegistrar(authority, enrolment, admitted(base.bridge()));
    LeaseBook leases =
        new LeaseBook(base.mailbox(), base.settings().policy(), BEAT_TTL, base.clock());
    Dock dock = new Dock(base.mailbox(), base.board(), leases, base.clock());
    CertificateAuthority.Server server = authority.newServer();
    IntakeServer intake =
        IntakeServer.start(
            address,
            new IntakeServer.Tls(server.key(), server.chain(), authority.certificate()),
            new IntakeServer.Ports(registrar, dock, base.hold(), base.clock()));
    new Ports(base.settings().stateDir()).remember(intake.port());
    base.alarms().open(intake.berths());
    return intake;
  }

  private static Workers workers(
      Foundation base,
      Provider provider,
      IntakeServer intake,
      Doors doors,
      LaunchPapers.Endpoints endpoints) {
    Settings settings = base.settings();
    LaunchPapers papers =
        new LaunchPapers(
            base.authority(),
            base.tokens(),
            new Launch(),
            endpoints,
            settings.providerUrl(),
            new LaunchPapers.Secrets(settings.apiKey(), base.book(), System.getenv()));
    Workers.Equipment gear =
        new Workers.Equipment(
            provider,
            new BerthBoxes(intake::berths, base.book(), base.clock(), !base.settings().sandbox()),
            base.hold(),
            papers,
            DiskRescue.orNone(settings.stateDir(), provider, base.hold(), lastWords(base)),
            new BoxFitting(
                doors,
                Ssh.ofThisMachine(),
                settings.stateDir(),
                new Boarding(doors, Ssh.ofThisMachine(), doors.market().instances(), papers),
                !(settings.access().reach() instanceof Reach.Direct)),
            base.bridge(),
            base.clock());
    return new Workers(gear, base.bridge(), base.mailbox());
  }

  private static Rearming rearming(Foundation base, Doors doors) {
    return new Rearming(
        base.bridge()::present, doors::find, Ssh.ofThisMachine(), base.tokens(), base.clock());
  }

  /// Where boxes cannot dial us, we go to them; where they can, to bring those of a real market
  /// their agent. A sandbox's boxes that dial us have it already.
  private static Optional<Tunnels> tunnels(Foundation base, Doors doors, int port) {
    Settings settings = base.settings();
    boolean dialled = settings.access().reach() instanceof Reach.Direct;
    return dialled && settings.sandbox()
        ? Optional.empty()
        : Optional.of(
            new Tunnels(
                base.mailbox(),
                new TunnelLine.Gear(
                    doors,
                    Ssh.ofThisMachine(),
                    new AgentBundle(settings.stateDir(), settings.access().agent()),
                    new Trouble.Herald(base.mailbox(), base.board(), base.clock()),
                    !dialled,
                    port)));
  }

  private static LastWords lastWords(Foundation base) {
    return new LastWords(base.mailbox(), base.clock());
  }

  /// At the provider, now.
  void look() {
    parts.poller().soon();
  }

  LoopBridge bridge() {
    return parts.bridge();
  }

  private static Hold hold(Path dir, Mailbox mailbox, LoopBridge bridge, InstantSource clock)
      throws IOException {
    Wishes wishes = new Wishes(bridge, dir.resolve("cargo").toAbsolutePath());
    ReceiptProver prover = new ReceiptProver(new Verifier(), wishes, ReceiptKey.of(dir), clock);
    Staging staging =
        new Staging(
            dir.resolve("staging"),
            new TargetByRun(wishes, TargetKinds.ofThisMachine()),
            prover,
            CargoLimits.DEFAULT);
    return new Hold(staging, mailbox, caller -> priced(bridge, caller), clock);
  }

  /// What a host charges for bytes off its box was told with the offer.
  private static boolean priced(LoopBridge bridge, Caller caller) {
    return bridge
        .ask(caller.run())
        .map(state -> state.rentals().get(caller.rental()))
        .filter(rental -> rental.offer().uploadPerGb() > 0)
        .isPresent();
  }

  private static Predicate<Caller> admitted(LoopBridge bridge) {
    return caller -> !bridge.knownGone(caller);
  }

  @Override
  public void close() throws JournalException {
    parts.tunnels().ifPresent(Tunnels::close);
    parts.poller().close();
    parts.accountant().close();
    parts.workers().close();
    parts.intake().close();
    parts.loop().close();
    parts.journal().close();
  }
}
