package dev.salvor.controller.house.planted.bad.controller.core;

import org.slf4j.LoggerFactory;

/// Planted: breaks a rule of imports.
final class LogsLine {
  void say() {
    LoggerFactory.getLogger(LogsLine.class).info("said");
  }
}
