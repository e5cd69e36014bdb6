import { withinHost } from "./within-host.ts";

/** Where the logs of a host are, among those of all; only those that match the query, if there is one. Pure. */
export function logsOf(hostName: string, query = ""): string {
  return `/logs?${new URLSearchParams({ q: withinHost(hostName, query) })}`;
}
