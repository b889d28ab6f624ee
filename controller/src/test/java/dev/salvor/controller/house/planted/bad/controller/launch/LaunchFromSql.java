package dev.salvor.controller.house.planted.bad.controller.launch;

import java.sql.Connection;

/// Planted: breaks a rule of imports.
record LaunchFromSql(Connection connection) {}
