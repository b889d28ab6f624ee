package dev.salvor.agent.loop;

/// Everything the loop acts through.
public record Ports(
    Store store,
    LinkPort link,
    JobPort job,
    CargoPort cargo,
    ProbePort probes,
    GatePort gate,
    PlatformPort platform) {}
