package dev.salvor.controller.house.planted.good.controller.intake;

import dev.salvor.controller.house.planted.good.proto.v1.Frame;
import io.grpc.Status;

/// Planted: keeps every rule.
record Stream(Frame frame, Status status) {}
