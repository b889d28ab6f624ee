package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Bill;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.provider.Account;
import dev.salvor.controller.provider.ProviderException;
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

  private final Account account;
  private final Duration every;
  private final InstantSource clock;
  private final Consumer<Event> loop;
  private final Thread thread;

  Accountant(Account account, Duration every, InstantSource clock, Consumer<Event> loop) {
    this.account = account;
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
      Map<InstanceId, Usd> charged = byInstance(account.charges(first, today));
      Instant from = first.atStartOfDay(ZoneOffset.UTC).toInstant();
      loop.accept(new Event.Billed(new Bill(at, from, credit, charged)));
    } catch (ProviderException | RuntimeException e) {
      LOG.atInfo().setMessage("The account could not be read").addKeyValue("why", e).log();
    }
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
