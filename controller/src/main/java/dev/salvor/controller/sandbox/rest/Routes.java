package dev.salvor.controller.sandbox.rest;

import dev.salvor.controller.sandbox.market.Market;
import java.util.ArrayList;
import java.util.List;

/// Everything that can be asked for, in one list. Intervals are the platform's own.
final class Routes {
  /// Old results are forgotten; a client fetches at once.
  private static final int MAX_RESULTS = 64;

  private Routes() {}

  static List<Route> all(Market market, Desk desk) {
    var all = new ArrayList<Route>();
    // What has words of its own in the places of numbers comes first.
    all.addAll(papers(new AccountCalls(market)));
    all.addAll(offers(new OfferCalls(market)));
    all.addAll(instances(new InstanceCalls(market)));
    all.addAll(keys(new KeyCalls(market)));
    var results = new Results(MAX_RESULTS);
    all.addAll(boxes(new BoxCalls(market, desk, results)));
    all.addAll(disks(new DiskCalls(market, desk, results), new VolumeCalls(market)));
    all.addAll(account(new AccountCalls(market)));
    all.addAll(sandbox(new SandboxCalls(market, desk)));
    return List.copyOf(all);
  }

  private static List<Route> offers(OfferCalls calls) {
    return List.of(
        Route.of("POST v0 bundles", account("search", 6), calls::search),
        Route.of("PUT v0 search/asks", account("search", 6), calls::searchNested),
        Route.of("PUT v0 asks/*", account("create", 4.5), calls::create),
        Route.of("POST v0 asks/bulk", account("create", 4.5), calls::createMany),
        Route.of("PUT v0 launch_instance", account("launch", 5), calls::launch),
        Route.of("GET v0 gpu_names/unique", open(""), calls::gpuNames));
  }

  private static List<Route> instances(InstanceCalls calls) {
    return List.of(
        Route.of("GET v0 instances", account("list", 1), calls::oldList),
        Route.of("GET v1 instances", account("list", 1), calls::list),
        Route.of("GET v0 instances/filters", account("list", 1), calls::filters),
        Route.of("GET v0 instances/*", box("show", 2), calls::show),
        Route.of("PUT v0 instances", account("state", 1), calls::setMany),
        Route.of("PUT v0 instances/*", box("state", 1), calls::set),
        Route.of("PUT v0 instances/reboot/*", account("reboot", 1), calls::reboot),
        Route.of("PUT v0 instances/recycle/*", account("recycle", 1), calls::recycle),
        Route.of("PUT v0 instances/update_template/*", account("update", 1), calls::update),
        Route.of("POST v0 instances/take_snapshot/*", account("snapshot", 1), calls::snapshot),
        Route.of("PUT v0 instances/bid_price/*", account("bid", 5.5), calls::bid),
        Route.of("DELETE v0 instances", account("destroy", 3), calls::destroyMany),
        Route.of("DELETE v0 instances/*", box("destroy", 3), calls::destroy));
  }

  private static List<Route> keys(KeyCalls calls) {
    return List.of(
        Route.of("POST v0 ssh", account("ssh", 1), calls::create),
        Route.of("GET v0 ssh", account("ssh", 1), calls::list),
        Route.of("PUT v0 ssh/*", account("ssh", 1), calls::update),
        Route.of("DELETE v0 ssh/*", account("ssh", 1), calls::delete),
        Route.of("POST v0 instances/*/ssh", account("attach", 1), calls::attach),
        Route.of("GET v0 instances/*/ssh", account("attach", 1), calls::listOf),
        Route.of("DELETE v0 instances/*/ssh/*", account("detach", 2), calls::detach));
  }

  private static List<Route> boxes(BoxCalls calls) {
    return List.of(
        Route.of("PUT v0 instances/request_logs/*", account("logs", 1), calls::requestLogs),
        Route.of("GET - results/*", open(""), calls::result),
        Route.of("PUT v0 commands/rsync", account("copy", 3.5), calls::copy),
        Route.of("PUT v0 commands/copy_direct", account("copy", 3.5), calls::copyDirect),
        Route.of("DELETE v0 commands/copy_direct", account("copy", 3.5), calls::cancelCopy),
        Route.of("POST v0 commands/rclone", account("copy", 3.5), calls::cloudCopy),
        Route.of("DELETE v0 commands/rclone", account("copy", 3.5), calls::cancelCopy));
  }

  private static List<Route> disks(DiskCalls disks, VolumeCalls volumes) {
    return List.of(
        Route.of("PUT v0 instances/command/*", account("execute", 1.5), disks::execute),
        Route.of("POST v0 volumes/search", account("volumes", 5.5), volumes::search),
        Route.of("PUT v0 volumes", account("volumes", 5.5), volumes::create),
        Route.of("GET v0 volumes", account("volumes", 5.5), volumes::list),
        Route.of("DELETE v0 volumes", account("volumes", 5.5), volumes::delete),
        Route.of("POST v0 volumes/copy", account("volumes", 5.5), volumes::copy));
  }

  private static List<Route> account(AccountCalls calls) {
    return List.of(
        Route.of("GET v0 users/current", account("user", 0), calls::user),
        Route.of("GET v0 charges", account("charges", 1), calls::charges),
        Route.of("GET v1 invoices", account("invoices", 3), calls::invoices),
        Route.of("GET v0 users/me/invoices", account("invoices", 3), calls::oldInvoices),
        Route.of("GET v0 users/me/ipaddrs", account("ipaddrs", 2.9), calls::addresses),
        Route.of("GET v0 instances/balance/*", account("deposit", 3), calls::deposit),
        Route.of("PUT v0 instances/prepay/*", account("prepay", 2), calls::prepay),
        Route.of("GET v0 secrets", account("secrets", 5), calls::secrets),
        Route.of("POST v0 secrets", account("set_secrets", 3), calls::addSecret),
        Route.of("PUT v0 secrets", account("set_secrets", 3), calls::changeSecret),
        Route.of("DELETE v0 secrets", account("set_secrets", 3), calls::deleteSecret));
  }

  private static List<Route> papers(AccountCalls calls) {
    String increase = "-price-increase";
    return List.of(
        Route.of("GET v0 audit_logs", account("audit", 0), calls::audit),
        Route.of("GET v0 users/cloud_integrations", account("clouds", 2.9), calls::clouds),
        Route.of("GET v0 template", account("templates", 0), calls::templates),
        Route.of("GET v0 auth/apikeys", account("apikeys", 0), calls::apiKeys),
        Route.of("GET v0 machines/*/reports", account("reports", 1.2), calls::reports),
        Route.of(
            "GET v0 instances/pending" + increase + "s",
            account("increases", 0),
            calls::priceIncreases),
        Route.of(
            "PUT v0 instances/accept" + increase, account("increases", 0), calls::noPriceIncrease),
        Route.of(
            "PUT v0 instances/reject" + increase, account("increases", 0), calls::noPriceIncrease));
  }

  private static List<Route> sandbox(SandboxCalls calls) {
    return List.of(
        Route.of("GET - sandbox/log", account("", 0), calls::log),
        Route.of("GET - sandbox/info", account("", 0), calls::info),
        Route.of("POST - sandbox/faults", account("", 0), calls::faults),
        Route.of("POST - sandbox/shutdown", account("", 0), calls::shutdown));
  }

  private static Route.Terms account(String endpoint, double seconds) {
    return new Route.Terms(endpoint, seconds, Route.Access.ACCOUNT);
  }

  private static Route.Terms box(String endpoint, double seconds) {
    return new Route.Terms(endpoint, seconds, Route.Access.BOX);
  }

  private static Route.Terms open(String endpoint) {
    return new Route.Terms(endpoint, 0, Route.Access.ALL);
  }
}
