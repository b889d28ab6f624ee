package dev.salvor.controller.house.planted.bad.controller.launch;

import io.grpc.Status;

/// Planted: breaks a rule of imports.
record LaunchOverGrpc(Status status) {}
