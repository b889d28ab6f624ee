/// The command line: one file a subcommand, which parses, asks the desk once and prints.
@NullMarked
package dev.salvor.controller.cli;

import org.jspecify.annotations.NullMarked;
