import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import { Panel } from "../record/Panel.tsx";
import { HostEmpty } from "../resources/hosts/HostEmpty.tsx";
import { ChangeList } from "../timeline/ChangeList.tsx";
import { CountsTile } from "./CountsTile.tsx";
import { OverviewNotices } from "./OverviewNotices.tsx";
import { ProblemMatrix } from "./ProblemMatrix.tsx";
import { Sparkline } from "./Sparkline.tsx";
import { useOverview } from "./useOverview.ts";
import { WorstProblems } from "./WorstProblems.tsx";

/** The first page: how things are, what is wrong, what just changed. */
export function OverviewPage() {
  const { data: overview, error, refetch } = useOverview();
  if (error && !overview) {
    return (
      <>
        <PageHeader title="Overview" />
        <ErrorMessage error={error} onRetry={refetch} />
      </>
    );
  }
  if (!overview) {
    return (
      <>
        <PageHeader title="Overview" />
        <SkeletonLines count={8} />
      </>
    );
  }
  if (overview.hosts.total === 0) {
    return (
      <>
        <PageHeader title="Overview" />
        <section className="panel">
          <HostEmpty />
        </section>
      </>
    );
  }
  const { hosts, services, ingest, agents } = overview;
  return (
    <>
      <PageHeader title="Overview" />
      <OverviewNotices overview={overview} />
      <div className="tiles">
        <CountsTile
          title="Hosts"
          total={hosts.total}
          path="/hosts"
          counts={[
            ["DOWN", hosts.down],
            ["UNREACHABLE", hosts.unreachable],
            ["STALE", hosts.stale],
            ["PENDING", hosts.pending],
            ["UP", hosts.up],
          ]}
        />
        <CountsTile
          title="Services"
          total={services.total}
          path="/services"
          counts={[
            ["CRITICAL", services.critical],
            ["WARNING", services.warning],
            ["UNKNOWN", services.unknown],
            ["STALE", services.stale],
            ["PENDING", services.pending],
            ["OK", services.ok],
          ]}
        />
        <section className="panel tile" aria-label="Ingest">
          <h2>
            Check results
            <span>
              {agents.connected.toLocaleString("en")} of {agents.total.toLocaleString("en")} agents
            </span>
          </h2>
          <div className="figures">
            <span className="figure">
              <b>{ingest.resultsPerSecond.toFixed(ingest.resultsPerSecond < 10 ? 1 : 0)}</b> a second
            </span>
          </div>
          <Sparkline values={ingest.history} label="Results per second over the last hour" />
        </section>
      </div>
      <div className="columns">
        <WorstProblems overview={overview} />
        <div className="stack">
          <ProblemMatrix />
          <Panel title="Recent changes" isFlush>
            {overview.recentChanges.length === 0 ? (
              <p className="panel-body quiet">Nothing has changed yet.</p>
            ) : (
              <ChangeList changes={overview.recentChanges.slice(0, 12)} hasNames />
            )}
          </Panel>
        </div>
      </div>
      <p className="visually-hidden">
        <Link to="/problems">All problems</Link>
      </p>
    </>
  );
}
