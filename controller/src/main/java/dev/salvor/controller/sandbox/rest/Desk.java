package dev.salvor.controller.sandbox.rest;

import dev.salvor.controller.sandbox.box.Boxes;
import java.nio.file.Path;
import java.util.function.Consumer;

/// What the routes need beside the market: where things are, and how to close shop.
public record Desk(
    String url,
    int copyPort,
    boolean rsync,
    boolean rateLimits,
    Boxes boxes,
    Path log,
    Consumer<Boolean> shutdown) {}
