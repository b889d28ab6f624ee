package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Bill;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.provider.Account;
import dev.salvor.controller.provider.Marketplace;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.Volumes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the account now and then: what is left, and what was charged for each rental.
final class Accountant implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Accountant.class);

  /// Rentals that are older are not compared with their bill.
  private static final int DAYS = 14;

  private static final Pattern INSTANCE = Pattern.compile("instance-([0-9]{1,18})");

  private static final long HOUR_MS = Duration.ofHours(1).toMillis();

  private final Account account;
  private final Volumes volumes;
  private final Duration every;
  private final InstantSource clock;
  private final Consumer<Event> loop;
  private final Thread thread;

  Accountant(Marketplace market, Duration every, InstantSource clock, Consumer<Event> loop) {
    this.account = market.account();
    this.volumes = market.volumes();
    this.every = every;
    this.clock = clock;
    this.loop = loop;
    this.thread = Thread.ofVirtual().name("accountant").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look();
        Thread.sleep(every);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// An account that does not answer is asked again; nothing depends on one answer.
  private void look() {
    Instant at = clock.instant();
    LocalDate today = LocalDate.ofInstant(at, ZoneOffset.UTC);
    LocalDate first = today.minusDays(DAYS);
    try {
      Usd credit = account.user().credit();
      List<Account.Charge> charges = account.charges(first, today);
      Instant from = first.atStartOfDay(ZoneOffset.UTC).toInstant();
      Map<InstanceId, Usd> charged = byInstance(charges);
      loop.accept(new Event.Billed(new Bill(at, from, credit, charged, shelf(charges))));
    } catch (ProviderException | RuntimeException e) {
      LOG.atInfo().setMessage("The account could not be read").addKeyValue("why", e).log();
    }
  }

  /// Where they cannot be listed, nothing is known of volumes, and the rest counts.
  private Bill.Shelf shelf(List<Account.Charge> charges) {
    try {
      return new Bill.Shelf(
          true, volumes.list().stream().map(volume -> volume(volume, charges)).toList());
    } catch (ProviderException e) {
      LOG.atInfo().setMessage("The volumes could not be listed").addKeyValue("why", e).log();
      return Bill.Shelf.UNKNOWN;
    }
  }

  private static Bill.Volume volume(Volumes.Volume v, List<Account.Charge> charges) {
    UsdPerHour price = v.price().micros() > 0 ? v.price() : charged("volume-" + v.id(), charges);
    return new Bill.Volume(v.id(), v.name(), v.machine(), v.gb(), v.instances(), price);
  }

  /// What something cost an hour by its newest charge; zero while there is none.
  static UsdPerHour charged(String source, List<Account.Charge> charges) {
    return charges.reversed().stream()
        .filter(c -> c.source().equals(source) && c.end().isAfter(c.start()))
        .findFirst()
        .map(c ->
            new UsdPerHour(
                c.amount().micros() * HOUR_MS / Duration.between(c.start(), c.end()).toMillis()))
        .orElse(UsdPerHour.ZERO);
  }

  static Map<InstanceId, Usd> byInstance(List<Account.Charge> charges) {
    Map<InstanceId, Usd> sums = new HashMap<>();
    for (Account.Charge charge : charges) {
      Matcher source = INSTANCE.matcher(charge.source());
      if (source.matches()) {
        sums.merge(new InstanceId(Long.parseLong(source.group(1))), charge.amount(), Usd::plus);
      }
    }
    return sums;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
