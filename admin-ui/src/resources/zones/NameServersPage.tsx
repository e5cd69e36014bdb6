import type { NameServerState } from "@mycloud/protocol/dns-zone";
import { useQuery } from "@tanstack/react-query";
import { ErrorMessage, Message, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useDns } from "../../providers/dns-provider.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { QueryRates } from "./QueryRates.tsx";

/** Name servers as they told of themselves last: where they answer, how much they are asked, by whom and for what. */
export function NameServersPage() {
  const dns = useDns();
  const { data, error, refetch } = useQuery({
    queryKey: ["dns/servers"],
    queryFn: ({ signal }) => dns.servers(signal),
    refetchInterval: 15_000,
  });
  return (
    <div className="stack">
      <PageHeader title="Name servers" subtitle="Who answers for our zones, and what is asked" />
      {error && !data ? (
        <ErrorMessage error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <SkeletonLines count={8} />
      ) : data.length === 0 ? (
        <Message title="No name server was heard of">
          <p>
            Start one with <code>mycloud dns serve --server URL --token-file FILE</code>, with an API token of scope
            name-server.
          </p>
        </Message>
      ) : (
        data.map((server) => <NameServerPanels key={server.id} server={server} />)
      )}
    </div>
  );
}

function NameServerPanels({ server }: { readonly server: NameServerState }) {
  const { name, seenAtMs, isConnected, startedAtMs, version, listeners, zones, queries, rateLimited } = server;
  const faulty = zones.filter(({ error }) => error !== null);
  return (
    <section aria-label={name} className="columns">
      <div className="stack">
        <Panel
          title={name}
          end={
            isConnected ? (
              <b className="tone-ok">connected</b>
            ) : (
              <span className="tone-critical">
                silent since <RelativeTime atMs={seenAtMs} />
              </span>
            )
          }
        >
          <Facts
            facts={[
              ["Answers at", listeners.join(", ")],
              ["Runs since", <RelativeTime key="since" atMs={startedAtMs} />],
              ["Version", version],
              ["Zones", zones.length.toLocaleString("en")],
              ["Questions", queries.toLocaleString("en")],
              ["Held back by the rate limit", rateLimited.toLocaleString("en")],
            ]}
          />
          {faulty.map((zone) => (
            <p key={`${zone.name} ${zone.view}`} className="wrap">
              <b className="tone-critical">{zone.name}</b> {zone.error}
            </p>
          ))}
        </Panel>
        <Panel title="Questions a second, last hour">
          <QueryRates rates={server.rates} />
        </Panel>
      </div>
      <div className="stack">
        <TopPanel title="Asked most lately" rows={server.topNames} />
        <TopPanel title="Who asks most lately" rows={server.topClients} />
        <TopPanel title="By type" rows={rowsOf(server.queriesByType)} />
        <TopPanel title="By result" rows={rowsOf(server.answersByCode)} />
      </div>
    </section>
  );
}

function rowsOf(counts: Readonly<Record<string, number>>): NameServerState["topNames"] {
  return Object.entries(counts)
    .map(([key, count]) => ({ key, count }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
}

function TopPanel({ title, rows }: { readonly title: string; readonly rows: NameServerState["topNames"] }) {
  return (
    <Panel title={title} isFlush>
      {rows.length === 0 ? (
        <p className="panel-body quiet">Nothing yet.</p>
      ) : (
        <div className="table-wrap">
          <table className="table auto" aria-label={title}>
            <tbody>
              {rows.slice(0, 10).map(({ key, count }) => (
                <tr key={key}>
                  <th scope="row" className="mono wrap">
                    {key}
                  </th>
                  <td className="number">{count.toLocaleString("en")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
