package dev.salvor.controller.house.planted.bad.agent.job;

/// Planted: an adapter as a class of its own.
public final class Job {}
