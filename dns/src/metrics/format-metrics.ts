import type { NameServerStatus } from "@mycloud/protocol/name-server";

/** What metrics are made of. */
export interface MetricsInput {
  readonly status: NameServerStatus;
  readonly queriesByTransport: Readonly<Record<string, number>>;
  readonly lost: Readonly<Record<string, number>>;
  readonly forwarded: Readonly<Record<string, number>>;
  readonly transfers: Readonly<Record<string, number>>;
  readonly queryLogDropped: number;
  readonly residentBytes: number;
  readonly cpuSeconds: number;
  readonly connections: number;
  readonly longestStallSeconds: number;
  readonly workers: number;
  readonly restarts: number;
  readonly storeFaults: number;
  /** Zones that the disk has not whole. */
  readonly unsaved: number;
  /** Null: there is no control plane. */
  readonly isConnected: boolean | null;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** Metrics of more zones than this would be too many series; the others are only in the sums. */
const maximumZones = 1_000;

/** Prometheus' text format 0.0.4. Pure. */
export function formatMetrics(input: MetricsInput): string {
  const { status } = input;
  const zones = status.zones.slice(0, maximumZones);
  const ofZone = (zone: (typeof zones)[number]): Labels => ({ zone: zone.name, view: zone.view ?? "" });
  const ofZones = (value: (zone: (typeof zones)[number]) => number | null): Sample[] =>
    zones.flatMap((zone): Sample[] => {
      const found = value(zone);
      return found === null ? [] : [[ofZone(zone), found]];
    });
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1_000);
  return [
    metric("queries_total", "counter", "Ordinary queries.", [[{}, status.queries]]),
    metric("queries_by_type_total", "counter", "Queries by type of record.", by("type", status.queriesByType)),
    metric("answers_total", "counter", "Answers by result code.", by("code", status.answersByCode)),
    metric("messages_total", "counter", "Messages of all kinds.", by("transport", input.queriesByTransport)),
    metric("rate_limited_total", "counter", "Answers held back or cut by the rate limit.", [[{}, status.rateLimited]]),
    metric("lost_total", "counter", "Packets and connections thrown away.", by("reason", input.lost)),
    metric("forwarded_total", "counter", "Questions passed to resolvers.", by("result", input.forwarded)),
    metric(
      "transfers_total",
      "counter",
      "Requests for zone transfers, by how they ended.",
      by("result", input.transfers),
    ),
    metric("query_log_dropped_total", "counter", "Lines the query log had no room for.", [[{}, input.queryLogDropped]]),
    metric(
      "zone_queries_total",
      "counter",
      "Queries by zone.",
      ofZones(({ queries }) => queries),
    ),
    metric(
      "zone_serial",
      "gauge",
      "Serial of the zone that is answered from.",
      ofZones(({ serial }) => serial),
    ),
    metric(
      "zone_records",
      "gauge",
      "Records of the zone.",
      ofZones(({ recordCount }) => recordCount),
    ),
    metric(
      "zone_ok",
      "gauge",
      "0 where something is wrong with the zone.",
      ofZones(({ error }) => Number(error === null)),
    ),
    metric(
      "zone_expires_timestamp_seconds",
      "gauge",
      "When a secondary zone is not answered any more.",
      ofZones(({ expiresAtMs }) => seconds(expiresAtMs)),
    ),
    metric(
      "zone_notify_unanswered",
      "gauge",
      "Secondaries that were told of a change and did not answer.",
      ofZones(({ notified }) => notified.filter(({ isAcknowledged }) => !isAcknowledged).length),
    ),
    metric("zones", "gauge", "Zones that are served.", [[{}, status.zones.length]]),
    metric("workers", "gauge", "Processes that answer.", [[{}, input.workers]]),
    metric("worker_restarts_total", "counter", "Workers that died and were replaced.", [[{}, input.restarts]]),
    metric("worker_memory_bytes", "gauge", "Resident memory of all workers.", [[{}, input.residentBytes]]),
    metric("worker_cpu_seconds_total", "counter", "Processor time of all workers.", [[{}, input.cpuSeconds]]),
    metric("longest_stall_seconds", "gauge", "Longest time without an answer since the last scrape.", [
      [{}, input.longestStallSeconds],
    ]),
    metric("connections", "gauge", "Open connections by TCP and TLS.", [[{}, input.connections]]),
    metric("store_faults_total", "counter", "Times a copy could not be read or written.", [[{}, input.storeFaults]]),
    metric("zones_not_saved", "gauge", "Zones of which the disk has no whole copy.", [[{}, input.unsaved]]),
    ...(input.isConnected === null
      ? []
      : [
          metric("control_plane_connected", "gauge", "1 while the control plane is heard.", [
            [{}, Number(input.isConnected)],
          ]),
        ]),
    metric("start_time_seconds", "gauge", "When the name server was started.", [[{}, status.startedAtMs / 1_000]]),
  ].join("");
}

function by(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([name, count]) => [{ [label]: name }, count]);
}

function metric(name: string, type: "counter" | "gauge", help: string, samples: readonly Sample[]): string {
  const full = `mycloud_dns_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${formatLabels(labels)} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join("")}`;
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
