import type { Zone, ZoneStatistics } from "@mycloud/protocol/dns-zone";
import { useQuery } from "@tanstack/react-query";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useDns } from "../../providers/dns-provider.ts";
import { Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { QueryRates } from "./QueryRates.tsx";

/** How the zone stands on each name server and on the secondaries they told, and how much it is asked. */
export function ServersTab({ zone }: { readonly zone: Zone }) {
  const dns = useDns();
  const { data, error, refetch } = useQuery({
    queryKey: ["dns/zones", zone.id, "statistics"],
    queryFn: ({ signal }) => dns.statistics(zone.id, signal),
    refetchInterval: 15_000,
  });
  if (error && !data) return <ErrorMessage error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines count={8} />;
  return (
    <div className="columns">
      <div className="stack">
        <Panel title="Name servers" isFlush>
          <ServerTable zone={zone} servers={data.servers} />
        </Panel>
        <Panel title="Secondaries told of changes" isFlush>
          <SecondaryTable zone={zone} servers={data.servers} />
        </Panel>
      </div>
      <div className="stack">
        <Panel title="Questions a second, last hour">
          <QueryRates rates={data.rates} />
        </Panel>
      </div>
    </div>
  );
}

type Servers = ZoneStatistics["servers"];

function ServerTable({ zone, servers }: { readonly zone: Zone; readonly servers: Servers }) {
  if (servers.length === 0) {
    return (
      <p className="panel-body quiet">
        No name server has told of itself yet: start one with{" "}
        <code>mycloud dns serve --server URL --token-file FILE</code>
      </p>
    );
  }
  return (
    <div className="table-wrap">
      <table className="table auto" aria-label="Name servers">
        <thead>
          <tr>
            <th scope="col">Server</th>
            <th scope="col">Serial</th>
            <th scope="col">Questions</th>
            <th scope="col">Seen</th>
          </tr>
        </thead>
        <tbody>
          {servers.map(({ name, isConnected, seenAtMs, zone: served }) => (
            <tr key={name}>
              <td className="strong">{name}</td>
              <td className="wrap">
                <SerialText serial={served?.serial ?? null} wanted={zone.serial} />
                {served?.error == null ? null : <div className="tone-critical wrap">{served.error}</div>}
                {served?.expiresAtMs == null ? null : (
                  <div className="quiet">
                    expires <RelativeTime atMs={served.expiresAtMs} />
                  </div>
                )}
              </td>
              <td>{(served?.queries ?? 0).toLocaleString("en")}</td>
              <td>{isConnected ? <b className="tone-ok">connected</b> : <RelativeTime atMs={seenAtMs} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SecondaryTable({ zone, servers }: { readonly zone: Zone; readonly servers: Servers }) {
  const told = servers.flatMap(({ name, zone: served }) =>
    (served?.notified ?? []).map((notified) => ({ server: name, ...notified })),
  );
  if (told.length === 0) return <p className="panel-body quiet">None is configured, or none was told yet.</p>;
  return (
    <div className="table-wrap">
      <table className="table auto" aria-label="Secondaries">
        <thead>
          <tr>
            <th scope="col">Secondary</th>
            <th scope="col">Told the serial</th>
            <th scope="col">By</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {told.map(({ server, address, serial, isAcknowledged, atMs }) => (
            <tr key={`${server} ${address}`}>
              <td className="mono">{address}</td>
              <td>
                <SerialText serial={serial} wanted={zone.serial} />
                {isAcknowledged ? null : <b className="tone-warning"> no answer</b>}
              </td>
              <td>{server}</td>
              <td>
                <RelativeTime atMs={atMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A serial, and whether it is the published one. */
function SerialText({ serial, wanted }: { readonly serial: number | null; readonly wanted: number | null }) {
  if (serial === null) return <b className="tone-warning">not there yet</b>;
  return (
    <>
      {serial}
      {wanted === null || serial === wanted ? null : <b className="tone-warning"> not {wanted} yet</b>}
    </>
  );
}
