// Providers without a server: a made-up fleet for stories and tests. Never part of the production build.
export * from "./fake-providers.ts";
