package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.provider.Copies;
import dev.salvor.controller.provider.Provider.CopySource;
import dev.salvor.controller.provider.ProviderException;

/// Copies at vast: rsync daemon modules behind an ssh of the host's, named after the rental.
record VastCopies(Calls calls) implements Copies {
  private static final String USER = "vastai_kaalia";

  @Override
  public CopySource from(InstanceId instance, String path) throws ProviderException {
    absolute(path);
    ObjectNode body = fromBody(module(instance), path);
    return ask("copy from instance " + instance, body, "src", new Point(instance, path));
  }

  @Override
  public CopySource to(InstanceId instance, String path) throws ProviderException {
    absolute(path);
    if (path.matches("/+(root/*)?")) {
      throw new IllegalArgumentException(
          "A copy into %s would break the ssh of the box".formatted(path));
    }
    ObjectNode body = body();
    body.putNull("src_id").put("dst_id", module(instance));
    body.put("src_path", ".").put("dst_path", path);
    return ask("copy to instance " + instance, body, "dst", new Point(instance, path));
  }

  @Override
  public void between(Point from, Point to) throws ProviderException {
    absolute(from.path());
    absolute(to.path());
    ObjectNode body = body();
    body.put("src_id", module(from.instance())).put("dst_id", module(to.instance()));
    body.put("src_path", from.path()).put("dst_path", to.path());
    String what = "copy from instance %s to %s".formatted(from.instance(), to.instance());
    calls.ask(Call.put(Endpoint.COPY_DIRECT, what, "api/v0/commands/copy_direct/", body));
  }

  @Override
  public void cancel(InstanceId to) throws ProviderException {
    ObjectNode body = body().put("dst_id", to.toString());
    String what = "cancel copies to instance " + to;
    calls.ask(Call.delete(Endpoint.COPY, what, "api/v0/commands/copy_direct/", body));
  }

  private CopySource ask(String what, ObjectNode body, String side, Point point)
      throws ProviderException {
    JsonNode answer = calls.ask(Call.put(Endpoint.COPY, what, "api/v0/commands/rsync/", body));
    String host = Fields.text(answer, side + "_addr");
    long port = Fields.positive(answer, side + "_port").orElse(0L);
    if (!Fields.isHost(host) || port < 1 || port > 65_535) {
      throw calls.nonsense(what, "\"%s\" port %d is no address".formatted(Words.clean(host), port));
    }
    return new CopySource(USER, host, (int) port, module(point.instance()) + "/" + point.path());
  }

  private static void absolute(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("A path on a box is absolute: " + path);
    }
  }

  private static String module(InstanceId instance) {
    return "C." + instance;
  }

  static ObjectNode fromBody(String module, String path) {
    ObjectNode body = body();
    body.put("src_id", module).putNull("dst_id");
    return body.put("src_path", path).put("dst_path", ".");
  }

  private static ObjectNode body() {
    return Wire.JSON.createObjectNode().put("client_id", "me");
  }
}
