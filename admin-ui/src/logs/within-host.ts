import { formatLogTerm } from "@mycloud/protocol/log-query";
import { queryFault } from "./query-fault.ts";

/** The query as asked of one host; of all when it is null. One that cannot be understood stays as it is, so that what is said about it names the right place. Pure. */
export function withinHost(hostName: string | null, query: string): string {
  if (hostName === null || queryFault(query) !== null) return query;
  const host = formatLogTerm("host", hostName);
  return query.trim() === "" ? host : `${host} (${query})`;
}
