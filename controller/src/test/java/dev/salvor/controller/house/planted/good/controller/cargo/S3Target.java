package dev.salvor.controller.house.planted.good.controller.cargo;

import okhttp3.OkHttpClient;

/// Planted: keeps every rule.
record S3Target(OkHttpClient client) {}
