package dev.salvor.controller.view;

import dev.salvor.common.unit.RunId;
import java.time.Instant;

/// Something the user must be told until it is acknowledged.
///
/// @param number what `salvor ack` takes
public record NoticeView(RunId run, long number, Instant at, String what, String next) {}
