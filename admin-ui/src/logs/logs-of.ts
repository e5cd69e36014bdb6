import { formatLogTerm } from "@mycloud/protocol/log-query";
import { queryFault } from "./query-fault.ts";

/** Where records that name a host are, among those of all; only those that match the query, if there is one. Pure. */
export function logsOf(hostName: string, query = ""): string {
  const host = formatLogTerm("host", hostName);
  const asked = query.trim() === "" ? host : queryFault(query) === null ? `${host} (${query})` : query;
  return `/logs?${new URLSearchParams({ q: asked })}`;
}
