/// Where boxes reach the controller: gRPC over mTLS on one port. Checks who calls, checks and maps
/// every frame, hands on and returns; generated classes stop here.
@NullMarked
package dev.salvor.controller.intake;

import org.jspecify.annotations.NullMarked;
