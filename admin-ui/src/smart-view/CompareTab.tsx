import type { MachineSnapshot } from "@mycloud/protocol/machine";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { useSmartView } from "../providers/smart-view-provider.ts";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { ChangeBranches } from "./ChangeBranches.tsx";
import { changeTree } from "./change-tree.ts";
import type { TabProps } from "./MachinePage.tsx";
import { momentText } from "./SnapshotPicker.tsx";

/** Two snapshots beside each other: what came, what went, what changed. */
export function CompareTab({ repository, snapshots, address }: TabProps) {
  const provider = useSmartView();
  const newest = snapshots.find(({ id }) => id === address.snapshotId) ?? snapshots.at(-1);
  const [toId, setToId] = useState(newest?.id ?? "");
  const [fromId, setFromId] = useState(() => before(snapshots, newest)?.id ?? newest?.id ?? "");
  const path = address.path ?? "/";
  const { data, error, refetch } = useQuery({
    queryKey: ["compare", repository.id, fromId, toId, path],
    queryFn: ({ signal }) => provider.compare({ repositoryId: repository.id, snapshotId: fromId, path }, toId, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const tree = data && changeTree(data.lines, path);
  return (
    <section className="panel" aria-label="Compare">
      <div className="panel-head">
        <SnapshotSelect label="Before" snapshots={snapshots} value={fromId} onChange={setFromId} />
        <span aria-hidden>→</span>
        <SnapshotSelect label="After" snapshots={snapshots} value={toId} onChange={setToId} />
        <span className="quiet wrap">in {path}</span>
      </div>
      {tree === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={6} />
        )
      ) : tree.children.length === 0 ? (
        <Message title="Nothing changed between these two" />
      ) : (
        <>
          <p className="panel-body" role="status">
            {tree.added.toLocaleString("en")} added, {tree.removed.toLocaleString("en")} removed,{" "}
            {tree.modified.toLocaleString("en")} changed, {tree.bytes < 0 ? "−" : "+"}
            {sizeText(Math.abs(tree.bytes))}
            {data?.isTruncated ? " (the first 5,000 changes)" : ""}
          </p>
          <ChangeBranches nodes={tree.children} isOpen />
        </>
      )}
    </section>
  );
}

function before(snapshots: readonly MachineSnapshot[], of: MachineSnapshot | undefined): MachineSnapshot | undefined {
  return of && snapshots[snapshots.indexOf(of) - 1];
}

interface SnapshotSelectProps {
  readonly label: string;
  readonly snapshots: readonly MachineSnapshot[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

function SnapshotSelect({ label, snapshots, value, onChange }: SnapshotSelectProps) {
  return (
    <select className="field" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {snapshots.toReversed().map(({ id, takenAtMs }) => (
        <option key={id} value={id}>
          {momentText(takenAtMs)}
        </option>
      ))}
    </select>
  );
}
