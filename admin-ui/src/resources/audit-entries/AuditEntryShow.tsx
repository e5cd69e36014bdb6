import type { AuditEntry } from "@mycloud/protocol/audit";
import { ShowBase, useShowContext } from "react-admin";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { Facts, Panel } from "../../record/Panel.tsx";
import { formatAbsolute } from "../../time/duration.ts";
import { difference, valueText } from "./diff.ts";

export function AuditEntryShow() {
  return (
    <ShowBase<AuditEntry>>
      <AuditEntryPage />
    </ShowBase>
  );
}

function AuditEntryPage() {
  const { record: entry, error, refetch } = useShowContext<AuditEntry>();
  if (error && !entry) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!entry) return <SkeletonLines />;
  const differences = difference(entry.before, entry.after);
  return (
    <>
      <PageHeader
        title={entry.action}
        subtitle={`${entry.resourceKind} ${entry.resourceName ?? entry.resourceId ?? ""}`}
      />
      <div className="stack">
        <Panel title="Who and when">
          <Facts
            facts={[
              ["Who", `${entry.actorName} (${entry.actorKind})`],
              ["When", formatAbsolute(entry.atMs)],
              ["From", entry.address],
            ]}
          />
        </Panel>
        <Panel title="What changed" isFlush>
          {differences.length === 0 ? (
            <p className="panel-body quiet">No field was changed.</p>
          ) : (
            <table className="table diff" aria-label="Fields before and after">
              <thead>
                <tr>
                  <th scope="col" style={{ width: "24%" }}>
                    Field
                  </th>
                  <th scope="col">Before</th>
                  <th scope="col">After</th>
                </tr>
              </thead>
              <tbody>
                {differences.map(({ path, before, after }) => (
                  <tr key={path}>
                    <td>{path}</td>
                    <td className={before === undefined ? "quiet" : "before"}>{valueText(before)}</td>
                    <td className={after === undefined ? "quiet" : "after"}>{valueText(after)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Panel>
      </div>
    </>
  );
}
