package dev.salvor.controller.house.planted.bad.controller.launch;

import org.apache.sshd.client.SshClient;

/// Planted: breaks a rule of imports.
record LaunchOverSsh(SshClient client) {}
