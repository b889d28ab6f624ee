/// What a box tells of itself, as bytes, and what follows from it: no file is opened here. The
/// cards are in `gpu`, CUDA's versions in `cuda`, the container and its host in `host`, and
/// captured files of any kind in `captured`.
@NullMarked
package dev.salvor.common.telemetry;

import org.jspecify.annotations.NullMarked;
