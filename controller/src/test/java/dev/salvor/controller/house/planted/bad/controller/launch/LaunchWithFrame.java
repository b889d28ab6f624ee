package dev.salvor.controller.house.planted.bad.controller.launch;

import dev.salvor.controller.house.planted.bad.proto.v1.Frame;

/// Planted: breaks a rule of imports.
record LaunchWithFrame(Frame frame) {}
