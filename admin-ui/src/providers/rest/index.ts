// The real providers: HTTP with the session's cookie, and server-sent events.
import type { Providers } from "../types.ts";
import { createApiClient } from "./api-client.ts";
import { openEventStream } from "./event-stream.ts";
import { createRestAccountProvider } from "./rest-account-provider.ts";
import { createRestAuthProvider } from "./rest-auth-provider.ts";
import { createRestDataProvider } from "./rest-data-provider.ts";
import { createRestDnsProvider } from "./rest-dns-provider.ts";
import { createRestLogsProvider } from "./rest-logs-provider.ts";
import { createRestSmartViewProvider } from "./rest-smart-view-provider.ts";

/** Wires the console to the control plane that served the page. */
export function createRestProviders(): Providers {
  const api = createApiClient();
  return {
    data: createRestDataProvider(api),
    auth: createRestAuthProvider(api),
    account: createRestAccountProvider(api),
    smartView: createRestSmartViewProvider(api),
    dns: createRestDnsProvider(api),
    logs: createRestLogsProvider(api),
    subscribe: (listener) => openEventStream("/api/v1/events", listener),
  };
}
