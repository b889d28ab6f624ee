package dev.salvor.controller.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// A platform that lists every box as running, and knows nothing else.
record Listing(HttpServer server) implements AutoCloseable {

  static Listing open(Harbourage ground, int agents) throws IOException {
    byte[] list = list(ground, agents);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, list));
    server.start();
    return new Listing(server);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, byte[] list) throws IOException {
    boolean listed = exchange.getRequestURI().getPath().startsWith("/api/v1/instances");
    byte[] body =
        listed
            ? list
            : "{\"success\":false,\"error\":\"not here\"}".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(listed ? 200 : 404, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] list(Harbourage ground, int agents) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode answer = json.createObjectNode();
    ArrayNode rows = answer.putArray("instances");
    for (int i = 0; i < agents; i++) {
      ObjectNode row = rows.addObject();
      row.put("id", Harbourage.instance(i)).put("label", ground.label(i));
      row.put("machine_id", i + 1).put("gpu_name", "RTX 4090").put("num_gpus", 1);
      row.put("actual_status", "running").put("intended_status", "running");
      row.put("cur_state", "running").put("status_msg", "").put("is_bid", false);
      row.put("dph_total", 0.3).put("storage_total_cost", 0.01).put("min_bid", 0.1);
    }
    return json.writeValueAsBytes(answer);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
