/// What people and programs are shown of a run: pure projections of its state, and at the same time
/// the documented JSON.
@NullMarked
package dev.salvor.controller.view;

import org.jspecify.annotations.NullMarked;
