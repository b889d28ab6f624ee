package dev.salvor.controller.sandbox.ssh;

import dev.salvor.controller.sandbox.box.BoxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/// One command of an ssh session as a process of this machine, its streams tied to the channel's.
final class BoxCommand implements Command {
  private static final int BUFFER = 64 * 1024;

  /// What ssh itself exits with where the far side failed.
  private static final int FAILED = 255;

  private final Recipe recipe;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();
  private OutputStream err = OutputStream.nullOutputStream();
  private @Nullable ExitCallback exit;
  private volatile @Nullable Process process;

  /// Makes the command line when it is needed, or says why not.
  interface Recipe {
    List<String> command() throws BoxException;
  }

  BoxCommand(Recipe recipe) {
    this.recipe = recipe;
  }

  static BoxCommand refused(String why) {
    return new BoxCommand(() -> {
      throw new BoxException(why);
    });
  }

  static BoxException down(long box) {
    return new BoxException("box " + box + " is not up");
  }

  @Override
  public void setInputStream(InputStream stream) {
    in = stream;
  }

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {
    err = stream;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment env) throws IOException {
    Thread.ofVirtual().name("ssh-command").start(this::run);
  }

  @Override
  public void destroy(ChannelSession channel) {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }

  private void run() {
    int code = FAILED;
    try {
      var builder = new ProcessBuilder(recipe.command());
      builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
      Process started = builder.start();
      process = started;
      code = pump(started);
    } catch (BoxException | IOException e) {
      say(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (exit != null) {
      exit.onExit(code);
    }
  }

  private int pump(Process started) throws InterruptedException {
    // The channel's input ends only with the channel: nobody waits for this one.
    Thread.ofVirtual().start(() -> copy(in, started.getOutputStream(), true));
    Thread errors = Thread.ofVirtual().start(() -> copy(started.getErrorStream(), err, false));
    copy(started.getInputStream(), out, false);
    errors.join();
    return started.waitFor();
  }

  private static void copy(InputStream from, OutputStream to, boolean close) {
    try {
      var buffer = new byte[BUFFER];
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        to.write(buffer, 0, n);
        to.flush();
      }
      if (close) {
        to.close();
      }
    } catch (IOException e) {
      // One side went away; the process's exit or the channel's end tells the rest.
      return;
    }
  }

  private void say(@Nullable String text) {
    try {
      err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      return;
    }
  }
}
