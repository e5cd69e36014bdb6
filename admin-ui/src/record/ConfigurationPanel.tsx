import type { ConfigurationChange } from "@mycloud/protocol/configuration-change";
import { useQuery } from "@tanstack/react-query";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useConsole } from "../providers/hooks.ts";
import { ChangeBranches } from "../smart-view/ChangeBranches.tsx";
import { changeTree } from "../smart-view/change-tree.ts";
import { DiffHunks } from "../smart-view/DiffHunks.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { Panel } from "./Panel.tsx";

interface ConfigurationPanelProps {
  readonly of: "hosts" | "services";
  readonly id: number;
  /** Of the open problem; null: there is none, and the panel is not there. */
  readonly problemId: number | null;
}

/** What changed in the host's files of configuration before it broke: its backups know. */
export function ConfigurationPanel({ of, id, problemId }: ConfigurationPanelProps) {
  const provider = useConsole();
  const { data, error, refetch } = useQuery({
    queryKey: ["configuration-changes", of, id, problemId],
    queryFn: ({ signal }) => provider.configurationChanges(of, id, signal),
    enabled: problemId !== null,
    staleTime: 60_000,
    retry: false,
  });
  if (problemId === null) return null;
  return (
    <Panel title="What changed in its configuration">
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={3} />
        )
      ) : data.message === null ? (
        <div className="stack">
          {data.repositories.map((repository) => (
            <Changes key={repository.repositoryId} change={repository} />
          ))}
        </div>
      ) : (
        <p className="quiet">{data.message}</p>
      )}
    </Panel>
  );
}

function Changes({ change }: { readonly change: ConfigurationChange }) {
  const { policyName, from, to, paths, changes, isTruncated, diffs, message } = change;
  const [only] = paths;
  const tree = changeTree(changes, paths.length === 1 && only !== undefined ? only : "/");
  return (
    <section aria-label={`By the backup ${policyName}`}>
      {from !== null && to !== null ? (
        <p className="quiet">
          Snapshot of <RelativeTime atMs={from.takenAtMs} /> against that of <RelativeTime atMs={to.takenAtMs} />, in{" "}
          {paths.join(", ")}
          {isTruncated ? "; the first 200 changes" : ""}.
        </p>
      ) : null}
      {message === null ? null : <p className="quiet">{message}</p>}
      {from !== null && to !== null && changes.length === 0 ? <p>Nothing changed there.</p> : null}
      {changes.length === 0 ? null : <ChangeBranches nodes={tree.children} isOpen />}
      {diffs.map(({ path, hunks, refusal, isMasked }) => (
        <details key={path} open={diffs.length <= 3}>
          <summary className="mono wrap">{path}</summary>
          {refusal === null ? <DiffHunks hunks={hunks} /> : <p className="quiet">{refusal}</p>}
          {isMasked ? <p className="hint">What looks like a secret is masked.</p> : null}
        </details>
      ))}
    </section>
  );
}
