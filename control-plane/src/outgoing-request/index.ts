// Requests to addresses that people wrote down: webhooks, other monitoring systems. Whoever may write one must not reach into the network around the
// control plane by it, so private addresses are refused unless the configuration names their network, and names are resolved once: what was judged is
// what is connected to.
export * from "./address-guard.ts";
export * from "./guarded-request.ts";
