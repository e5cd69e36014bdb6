/** Where the logs of a host are. Pure. */
export function logsOf(hostName: string): string {
  return `/logs?${new URLSearchParams({ q: `host:"${hostName}"` })}`;
}
