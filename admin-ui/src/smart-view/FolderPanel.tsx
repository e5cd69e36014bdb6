import Button from "@mui/material/Button";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { MachineSnapshot } from "@mycloud/protocol/machine";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useMayAct } from "../providers/hooks.ts";
import { type FolderQuery, useSmartView } from "../providers/smart-view-provider.ts";
import { BringBackDialog } from "./BringBackDialog.tsx";
import { EntryTable } from "./EntryTable.tsx";
import { FolderPager } from "./FolderPager.tsx";
import { PathTrail } from "./PathTrail.tsx";

interface FolderPanelProps {
  readonly repository: BackupRepository;
  readonly snapshot: MachineSnapshot;
  readonly path: string;
  readonly onFolder: (path: string) => void;
  readonly onFile: (path: string) => void;
  /** Something of it is chosen, or a dialog opens: this snapshot is to stay, whatever is newer meanwhile. */
  readonly onStay: () => void;
}

const limit = 200;

/** One folder of a snapshot: into it, out of it, and what was chosen back. */
export function FolderPanel({ repository, snapshot, path, onFolder, onFile, onStay }: FolderPanelProps) {
  const provider = useSmartView();
  const mayAct = useMayAct();
  const [order, setOrder] = useState<Pick<FolderQuery, "sort" | "order">>({ sort: "name", order: "asc" });
  const [nameContains, setNameContains] = useState("");
  const [offset, setOffset] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isBringingBack, setBringingBack] = useState(false);
  const bringBack = () => {
    onStay();
    setBringingBack(true);
  };
  const choose = (paths: ReadonlySet<string>) => {
    onStay();
    setChosen(paths);
  };
  const place = { repositoryId: repository.id, snapshotId: snapshot.id };
  const query: FolderQuery = { ...place, path, ...order, nameContains, offset, limit };
  const { data, error, refetch } = useQuery({
    queryKey: ["folder", query],
    queryFn: ({ signal }) => provider.folder(query, signal),
    placeholderData: keepPreviousData,
    // A snapshot never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const paths = chosen.size > 0 ? [...chosen] : [path];
  const subject = chosen.size > 0 ? `${chosen.size} chosen` : "this folder";
  return (
    <section className="panel" aria-label="Folder">
      <div className="panel-head">
        <PathTrail path={path} onFolder={onFolder} />
        <div className="end row">
          <input
            className="field"
            type="search"
            aria-label="Names that hold"
            placeholder="Names that hold…"
            value={nameContains}
            onChange={(event) => {
              setNameContains(event.target.value);
              setOffset(0);
            }}
          />
        </div>
      </div>
      <fieldset className="bulk">
        <legend className="visually-hidden">What to do with {subject}</legend>
        <span className="quiet">{subject}:</span>
        <Button size="small" component="a" href={provider.archiveUrl(place, paths, "zip")} download>
          Download as zip
        </Button>
        <Button size="small" component="a" href={provider.archiveUrl(place, paths, "tar")} download>
          Download as tar
        </Button>
        {mayAct ? (
          <Button size="small" variant="outlined" onClick={bringBack}>
            Bring back
          </Button>
        ) : null}
      </fieldset>
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={6} />
        )
      ) : (
        <>
          <EntryTable
            entries={data.entries}
            order={order}
            onOrder={(next) => {
              setOrder(next);
              setOffset(0);
            }}
            chosen={chosen}
            onChosen={choose}
            onOpen={({ type, path: to }) => (type === "dir" ? onFolder(to) : onFile(to))}
            fileUrl={(to) => provider.fileUrl({ ...place, path: to }, true)}
          />
          <FolderPager offset={offset} limit={limit} total={data.total} onOffset={setOffset} />
        </>
      )}
      {isBringingBack ? (
        <BringBackDialog
          repositoryId={repository.id}
          snapshot={snapshot}
          paths={paths}
          kind="checkout"
          onClose={() => setBringingBack(false)}
        />
      ) : null}
    </section>
  );
}
