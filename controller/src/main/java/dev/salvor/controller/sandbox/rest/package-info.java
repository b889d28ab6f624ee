/// The REST dialect: routes, shapes of answers and of errors.
@NullMarked
package dev.salvor.controller.sandbox.rest;

import org.jspecify.annotations.NullMarked;
