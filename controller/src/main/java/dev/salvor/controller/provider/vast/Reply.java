package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.common.unit.Secret;

/// What came back from one request.
sealed interface Reply {

  /// An answer of any status.
  ///
  /// @param json missing if the text is no JSON
  /// @param location where a redirect leads; empty otherwise
  record Answer(int status, String text, JsonNode json, String location) implements Reply {
    boolean ok() {
      return status >= 200 && status < 300;
    }

    /// The same with a secret struck out.
    Answer without(Secret secret) {
      String clean = secret.strikeFrom(text);
      return clean.equals(text) ? this : new Answer(status, clean, Wire.parse(clean), location);
    }
  }

  /// No answer, or half of one.
  ///
  /// @param sent whether the platform may have seen the request
  record Lost(String why, boolean sent) implements Reply {}
}
