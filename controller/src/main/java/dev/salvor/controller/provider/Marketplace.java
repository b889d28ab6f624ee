package dev.salvor.controller.provider;

/// Everything that one marketplace offers through one account: what the loop needs, and what people
/// ask for besides. All of it shares one pace.
public record Marketplace(
    Provider provider,
    OfferBook offers,
    Instances instances,
    SshKeys keys,
    Copies copies,
    Volumes volumes,
    Account account) {}
