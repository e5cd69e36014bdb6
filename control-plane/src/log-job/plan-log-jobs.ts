import {
  controlPlaneDestination,
  type LogDestinationInput,
  LogJob,
  LogJobDestination,
  type LogJobs,
  type LogSourceInput,
} from "@mycloud/protocol/log-source";
import { matchesHost, type SelectableHost } from "@mycloud/protocol/selector";
import type { ForwardCredentials } from "./agent-credentials.ts";
import type { ForwardEndpoint } from "./forward-endpoint.ts";

/** What an agent may keep for each destination while that is away. */
const maximumQueueBytes = 256 * 1024 * 1024;

/** The log jobs of a host; undefined when nothing of it is read. Sources that would go nowhere are left out. Pure. */
export function planLogJobs(of: {
  readonly host: SelectableHost;
  /** Without an agent it has nothing to sign in with. */
  readonly agentId: string | null;
  readonly sources: readonly LogSourceInput[];
  readonly destinations: readonly LogDestinationInput[];
  /** Null while the receiver is off. */
  readonly endpoint: ForwardEndpoint | null;
  readonly credentials: ForwardCredentials;
}): LogJobs | undefined {
  const { host, agentId, sources, endpoint, credentials } = of;
  const known = new Map(of.destinations.map((destination) => [destination.name, LogJobDestination.parse(destination)]));
  if (endpoint !== null && agentId !== null) {
    known.set(controlPlaneDestination, {
      name: controlPlaneDestination,
      host: endpoint.host,
      port: endpoint.port,
      tls: endpoint.tls === null ? null : { ca: null, serverName: null },
      serverKeySha256: endpoint.tls?.serverKeySha256 ?? null,
      secret: credentials.secret,
      username: agentId,
      password: credentials.passwordOf(agentId),
    });
  }
  const jobs = sources
    .filter(({ isEnabled, selector }) => isEnabled && matchesHost(selector, host))
    .map((source) => {
      const wanted = [...(source.isSentToControlPlane ? [controlPlaneDestination] : []), ...source.destinations];
      return LogJob.parse({ ...source, destinations: wanted.filter((name) => known.has(name)) });
    })
    .filter(({ destinations }) => destinations.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (jobs.length === 0) return undefined;
  const named = new Set(jobs.flatMap(({ destinations }) => destinations));
  // Files keep their lines for a while longer than the queue does, so reading waits; but a second destination that is away must not stop the first.
  const whenFull = jobs.every((job) => job.destinations.length === 1) ? "block" : "drop-oldest";
  const queue = { maximumBytes: maximumQueueBytes, whenFull } satisfies LogJobs["queue"];
  return { jobs, destinations: [...known.values()].filter(({ name }) => named.has(name)), queue };
}
