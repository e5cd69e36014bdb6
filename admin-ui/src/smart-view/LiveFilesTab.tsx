import Button from "@mui/material/Button";
import type { LiveEntry } from "@mycloud/protocol/agent-question";
import type { Machine } from "@mycloud/protocol/machine";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useRef, useState } from "react";
import { useNotify } from "react-admin";
import { Link, useSearchParams } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { useMayAct } from "../providers/hooks.ts";
import { useSmartView } from "../providers/smart-view-provider.ts";
import { FolderPager } from "./FolderPager.tsx";
import { type LiveDeed, LiveDialog } from "./LiveDialogs.tsx";
import { LiveTable } from "./LiveTable.tsx";
import { PathTrail } from "./PathTrail.tsx";
import { childOf } from "./view-address.ts";

/** The files of the machine as they are now, in its backed-up folders. */
export function LiveFilesTab({ machine }: { readonly machine: Machine }) {
  const provider = useSmartView();
  const [query, setQuery] = useSearchParams();
  const folder = query.get("folder");
  const goTo = (path: string | null) => setQuery(path === null ? {} : { folder: path });
  const roots = useQuery({
    queryKey: ["live-roots", machine.id],
    queryFn: ({ signal }) => provider.liveRoots(machine.id, signal),
    retry: false,
  });
  if (roots.error) return <ErrorMessage error={roots.error} onRetry={roots.refetch} />;
  if (roots.data === undefined) return <SkeletonLines count={6} />;
  if (folder !== null) return <LiveFolder key={folder} machine={machine} path={folder} onFolder={goTo} />;
  if (roots.data.length === 0) {
    return (
      <section className="panel">
        <Message title="No folder of this machine can be managed here">
          <p>Its own policy decides which may be.</p>
        </Message>
      </section>
    );
  }
  return (
    <section className="panel" aria-label="Folders">
      <LiveTable entries={roots.data} hrefOf={(path) => provider.liveUrl(machine.id, path)} onFolder={goTo} />
    </section>
  );
}

interface LiveFolderProps {
  readonly machine: Machine;
  readonly path: string;
  readonly onFolder: (path: string | null) => void;
}

function LiveFolder({ machine, path, onFolder }: LiveFolderProps) {
  const provider = useSmartView();
  const queries = useQueryClient();
  const notify = useNotify();
  const mayAct = useMayAct();
  const [offset, setOffset] = useState(0);
  const [deed, setDeed] = useState<LiveDeed | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ["live", machine.id, path, offset],
    queryFn: ({ signal }) => provider.liveFolder(machine.id, path, offset, signal),
    retry: false,
  });
  const renew = () => queries.invalidateQueries({ queryKey: ["live", machine.id] });

  async function upload({ target }: ChangeEvent<HTMLInputElement>) {
    for (const file of target.files ?? []) {
      const present = data?.entries.find(({ name }) => name === file.name);
      if (
        present &&
        !window.confirm(`Replace ${file.name}? The newest snapshot has the version before, if it was backed up.`)
      )
        continue;
      try {
        await provider.writeLive(machine.id, childOf(path, file.name), file, present?.version ?? null);
        notify(`${file.name} is on the machine`, { type: "success" });
      } catch (fault) {
        notify(fault instanceof Error ? fault.message : String(fault), { type: "error" });
      }
    }
    target.value = "";
    await renew();
  }
  const entryDeed = (kind: "rename" | "delete" | "edit") => (entry: LiveEntry) => setDeed({ kind, entry });
  return (
    <section className="panel" aria-label="Folder on the machine">
      <div className="panel-head">
        <button type="button" className="link" onClick={() => onFolder(null)}>
          All folders
        </button>
        <PathTrail path={path} onFolder={onFolder} />
        {mayAct && data?.entry?.isWritable === true ? (
          <div className="end row">
            <input ref={picker} type="file" multiple hidden aria-label="Files to upload" onChange={upload} />
            <Button size="small" variant="outlined" onClick={() => picker.current?.click()}>
              Upload
            </Button>
            <Button size="small" onClick={() => setDeed({ kind: "make-folder", folder: path })}>
              New folder
            </Button>
          </div>
        ) : null}
      </div>
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={6} />
        )
      ) : (
        <>
          <LiveTable
            entries={data.entries}
            lastSnapshotAtMs={data.lastSnapshotAtMs}
            hrefOf={(to) => provider.liveUrl(machine.id, to)}
            onFolder={onFolder}
            {...(mayAct
              ? { onRename: entryDeed("rename"), onDelete: entryDeed("delete"), onEdit: entryDeed("edit") }
              : {})}
          />
          <FolderPager offset={offset} limit={200} total={data.total} onOffset={setOffset} />
          <p className="hint panel-body">
            Deleted or changed something by mistake?{" "}
            <Link to={`/machines/${machine.id}/files?path=${encodeURIComponent(path)}`}>
              This folder as it was at the last backup
            </Link>
          </p>
        </>
      )}
      {deed === null ? null : (
        <LiveDialog
          machineId={machine.id}
          deed={deed}
          onClose={() => setDeed(null)}
          onDone={() => {
            setDeed(null);
            void renew();
          }}
        />
      )}
    </section>
  );
}
