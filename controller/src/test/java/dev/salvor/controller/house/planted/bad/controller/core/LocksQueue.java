package dev.salvor.controller.house.planted.bad.controller.core;

import java.util.concurrent.BlockingQueue;

/// Planted: breaks a rule of imports.
record LocksQueue(BlockingQueue<String> queue) {}
