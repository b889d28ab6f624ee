package dev.salvor.controller.sandbox.rest;

import dev.salvor.controller.sandbox.market.Market;
import java.util.ArrayList;
import java.util.List;

/// Everything that can be asked for, in one list. Intervals are the platform's own.
final class Routes {
  private Routes() {}

  static List<Route> all(Market market, Desk desk) {
    var all = new ArrayList<Route>();
    all.addAll(offers(new OfferCalls(market)));
    all.addAll(instances(new InstanceCalls(market)));
    all.addAll(keys(new KeyCalls(market)));
    all.addAll(boxes(new BoxCalls(market, desk)));
    all.addAll(account(new AccountCalls(market)));
    all.addAll(sandbox(new SandboxCalls(market, desk)));
    return List.copyOf(all);
  }

  private static List<Route> offers(OfferCalls calls) {
    return List.of(
        Route.of("POST v0 bundles", account("search", 6), calls::search),
        Route.of("PUT v0 search/asks", account("search", 6), calls::searchNested),
        Route.of("PUT v0 asks/*", account("create", 4.5), calls::create),
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
        Route.of("PUT v0 instances/bid_price/*", account("bid", 5.5), calls::bid),
        Route.of("DELETE v0 instances", account("destroy", 3), calls::destroyMany),
        Route.of("DELETE v0 instances/*", box("destroy", 3), calls::destroy));
  }

  private static List<Route> keys(KeyCalls calls) {
    return List.of(
        Route.of("POST v0 ssh", account("ssh", 1), calls::create),
        Route.of("GET v0 ssh", account("ssh", 1), calls::list),
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
        Route.of("PUT v0 commands/copy_direct", account("copy", 3.5), calls::copyDirect));
  }

  private static List<Route> account(AccountCalls calls) {
    return List.of(Route.of("GET v0 users/current", account("user", 0), calls::user));
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
