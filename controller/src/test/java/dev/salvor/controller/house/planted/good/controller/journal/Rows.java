package dev.salvor.controller.house.planted.good.controller.journal;

import java.sql.Connection;

/// Planted: keeps every rule.
record Rows(Connection connection) {}
