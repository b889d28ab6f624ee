package dev.salvor.controller.house.planted.good.controller.provider;

import okhttp3.OkHttpClient;

/// Planted: keeps every rule.
record HttpProvider(OkHttpClient client) {}
