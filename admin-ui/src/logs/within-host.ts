import { formatLogTerm } from "@mycloud/protocol/log-query";
import { queryFault } from "./query-fault.ts";

/**
 * The query as asked of one host; of all when it is null. By what the host is, as its name may be in records of whoever calls itself so. A query that cannot be understood
 * stays as it is, so that what is said about it names the right place. Pure.
 */
export function withinHost(hostId: number | null, query: string): string {
  if (hostId === null || queryFault(query) !== null) return query;
  const host = formatLogTerm("hostId", hostId);
  return query.trim() === "" ? host : `${host} (${query})`;
}
