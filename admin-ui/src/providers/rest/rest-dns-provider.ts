import type { NameServerState } from "@mycloud/protocol/dns-zone";
import type { DnsProvider } from "../dns-provider.ts";
import type { ApiClient } from "./api-client.ts";

/** The name service over the control plane's API. */
export function createRestDnsProvider(api: ApiClient): DnsProvider {
  return {
    change: (zoneId, request, signal) => api.send("POST", `/dns/zones/${zoneId}/changes`, request, signal),
    undo: (zoneId, revision, request) => api.send("POST", `/dns/zones/${zoneId}/changes/${revision}/undo`, request),
    importFile: (zoneId, { text, mode, comment, preview }) => {
      const query = new URLSearchParams({ mode, comment, preview: String(preview) });
      return api.sendText(`/dns/zones/${zoneId}/import?${query}`, text);
    },
    statistics: (zoneId, signal) => api.get(`/dns/zones/${zoneId}/statistics`, signal),
    servers: async (signal) => (await api.get<{ data: NameServerState[] }>("/dns/servers", signal)).data,
    registrationStatus: (signal) => api.get("/dns/registration-status", signal),
    explain: ({ name, type, from }, signal) =>
      api.get(`/dns/explain?${new URLSearchParams({ name, type, from })}`, signal),
    exportUrl: (zoneId) => `/api/v1/dns/zones/${zoneId}/export`,
  };
}
