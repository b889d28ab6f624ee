package dev.salvor.controller.sandbox.ssh;

import java.util.function.Function;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;

/// File transfer by the machine's own sftp server, run inside the box.
record SftpInBox(Function<ChannelSession, Command> inBox) implements SubsystemFactory {
  @Override
  public String getName() {
    return "sftp";
  }

  @Override
  public Command createSubsystem(ChannelSession channel) {
    return inBox.apply(channel);
  }
}
