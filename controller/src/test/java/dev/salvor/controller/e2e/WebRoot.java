package dev.salvor.controller.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory on the web, as far as this machine and its boxes go: a repository that can only be
/// read as files, and data.
final class WebRoot implements AutoCloseable {
  private final Path root;
  private final HttpServer server;

  private WebRoot(Path root, HttpServer server) {
    this.root = root;
    this.server = server;
  }

  static WebRoot open(Path root) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    WebRoot web = new WebRoot(Files.createDirectories(root), server);
    server.createContext("/", web::answer);
    server.start();
    return web;
  }

  String url(String path) {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), path);
  }

  private void answer(HttpExchange call) throws IOException {
    Path file = root.resolve(call.getRequestURI().getPath().substring(1)).normalize();
    boolean found = file.startsWith(root) && Files.isRegularFile(file);
    byte[] body = found ? Files.readAllBytes(file) : new byte[0];
    call.sendResponseHeaders(found ? 200 : 404, body.length == 0 ? -1 : body.length);
    call.getResponseBody().write(body);
    call.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
