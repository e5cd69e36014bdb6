import Button from "@mui/material/Button";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { useQuery } from "@tanstack/react-query";
import { useGetList } from "react-admin";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import { useSmartView } from "../providers/smart-view-provider.ts";
import { objectiveText, shareText } from "../resources/backup-policies/policy-text.ts";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { formatAbsolute } from "../time/duration.ts";
import { useNow } from "../time/NowContext.tsx";
import { type Summary, summarise } from "./summarise.ts";
import "../theme/report.css";

const filter = { isAssigned: true };
const most = 1000;

/** Backups on paper: what was promised for every machine, and whether it is kept. */
export function BackupReportPage() {
  const nowMs = useNow();
  const { data, total, error, refetch } = useGetList<BackupRepository>("backup-repositories", {
    pagination: { page: 1, perPage: most },
    sort: { field: "hostName", order: "ASC" },
    filter,
  });
  const csv = `/api/v1/backup-report.csv?filter=${encodeURIComponent(JSON.stringify(filter))}`;
  return (
    <div className="report">
      <PageHeader
        title="Backup report"
        subtitle={formatAbsolute(nowMs)}
        actions={
          <>
            <Button variant="outlined" onClick={() => window.print()}>
              Print or save as PDF
            </Button>
            <Button component="a" href={csv} download variant="outlined">
              Download CSV
            </Button>
          </>
        }
      />
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={8} />
        )
      ) : data.length === 0 ? (
        <Message title="No host is backed up yet" />
      ) : (
        <>
          <Findings summary={summarise(data, nowMs)} />
          <WithoutBackup />
          {(total ?? 0) > data.length ? (
            <p>
              The first {data.length.toLocaleString("en")} of {(total ?? 0).toLocaleString("en")}; the CSV has all.
            </p>
          ) : null}
          <ReportTable repositories={data} />
        </>
      )}
    </div>
  );
}

/** A report of what is backed up says nothing of what is not. */
function WithoutBackup() {
  const provider = useSmartView();
  const { data } = useQuery({
    queryKey: ["machines", "without-backup"],
    queryFn: ({ signal }) => provider.machinesWithoutBackup(signal),
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <p className="wrap">
      <b>
        {data.length} {data.length === 1 ? "machine is" : "machines are"} not backed up at all:
      </b>{" "}
      {data.map(({ hostName }) => hostName).join(", ")}
    </p>
  );
}

function Findings({ summary }: { readonly summary: Summary }) {
  const { total, withRpo, fresh, drilled, damaged, never, usedBytes } = summary;
  return (
    <ul className="findings">
      <li>
        <b>
          {fresh} of {withRpo}
        </b>{" "}
        that were promised a recent backup have one
      </li>
      <li>
        <b>
          {drilled} of {total}
        </b>{" "}
        had a trial restore in the last 90 days that came back right
      </li>
      <li>
        <b>{never}</b> never had a backup yet
      </li>
      <li>
        <b>{damaged}</b> have something damaged in the store
      </li>
      <li>
        <b>{sizeText(usedBytes)}</b> stored in all
      </li>
    </ul>
  );
}

function ReportTable({ repositories }: { readonly repositories: readonly BackupRepository[] }) {
  return (
    <section className="panel table-wrap" aria-label="Every host and policy">
      <table className="table auto" aria-label="Every host and policy">
        <thead>
          <tr>
            {[
              "Host",
              "Policy",
              "State",
              "Newest snapshot",
              "RPO",
              "Kept in 30 days",
              "RTO",
              "Restore tried",
              "Read again",
            ].map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {repositories.map((repository) => {
            const { drill, damaged } = repository;
            return (
              <tr key={repository.id}>
                <td className="wrap">{repository.hostName}</td>
                <td className="wrap">{repository.policyName}</td>
                <td>{repository.freshness === "none" ? "no objective" : repository.freshness}</td>
                <td>{instantText(repository.lastSnapshotAtMs)}</td>
                <td>{objectiveText(repository.rpoSeconds)}</td>
                <td>{repository.withinRpoShare === null ? "—" : shareText(repository.withinRpoShare)}</td>
                <td>
                  {objectiveText(repository.rtoSeconds)}
                  {drill === null ? "" : `, measured ${objectiveText(Math.ceil(drill.rtoSeconds))}`}
                </td>
                <td>
                  {drill === null ? "never" : formatAbsolute(drill.finishedAtMs)}
                  {drill !== null && drill.faultCount > 0 ? `, ${drill.faultCount} wrong` : ""}
                </td>
                <td>{damaged.length > 0 ? `${damaged.length} damaged` : instantText(repository.scrubbedAtMs)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function instantText(atMs: number | null): string {
  return atMs === null ? "never" : formatAbsolute(atMs);
}
