package dev.salvor.controller.provider;

/// Where a box's sshd is reached.
///
/// @param direct straight at the machine; otherwise by the platform's proxy, which is slow
public record SshAddress(String host, int port, boolean direct) {}
