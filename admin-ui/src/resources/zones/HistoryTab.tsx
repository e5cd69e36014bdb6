import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { Zone, ZoneChangeAnswer, ZoneHistoryEntry } from "@mycloud/protocol/dns-zone";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useGetList, useNotify } from "react-admin";
import { ActionDialog } from "../../actions/ActionDialog.tsx";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useDns } from "../../providers/dns-provider.ts";
import { useMayAccess } from "../../providers/hooks.ts";
import { Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { DifferenceLines } from "./DifferenceLines.tsx";
import { FindingList } from "./FindingList.tsx";

const perPage = 25;

/** Who changed what and why, newest first; each can be taken back as long as nobody changed the same since. */
export function HistoryTab({ zone }: { readonly zone: Zone }) {
  const [page, setPage] = useState(1);
  const [undone, setUndone] = useState<{ entry: ZoneHistoryEntry; preview: ZoneChangeAnswer } | null>(null);
  const mayEdit = useMayAccess("edit", "dns/zones") && zone.kind === "primary";
  const dns = useDns();
  const notify = useNotify();
  const { data, total, error, refetch, isPending } = useGetList<ZoneHistoryEntry>(`dns/zones/${zone.id}/changes`, {
    pagination: { page, perPage },
    sort: { field: "id", order: "DESC" },
    filter: {},
  });
  const look = async (entry: ZoneHistoryEntry) => {
    try {
      setUndone({ entry, preview: await dns.undo(zone.id, entry.id, { comment: "", preview: true }) });
    } catch (fault) {
      notify(fault instanceof Error ? fault.message : String(fault), { type: "error", autoHideDuration: 10_000 });
    }
  };
  if (error && !data) return <ErrorMessage error={error} onRetry={() => void refetch()} />;
  if (isPending) return <SkeletonLines count={8} />;
  return (
    <div className="stack">
      {(data ?? []).map((entry) => (
        <Panel
          key={entry.id}
          title={entry.comment === "" ? `Change ${entry.id}` : entry.comment}
          end={
            <>
              <span className="quiet">
                {entry.author} by {entry.source}, <RelativeTime atMs={entry.atMs} />, serial {entry.serial}
              </span>
              {mayEdit && entry.isKept ? (
                <Button variant="outlined" onClick={() => void look(entry)}>
                  Undo
                </Button>
              ) : null}
            </>
          }
        >
          {entry.undoes === null ? null : <p className="quiet">It took change {entry.undoes} back.</p>}
          {entry.settings === null ? null : <p className="quiet">The zone's settings were changed.</p>}
          {entry.differenceCount === 0 && entry.settings !== null ? null : (
            <DifferenceLines differences={entry.differences} count={entry.differenceCount} />
          )}
        </Panel>
      ))}
      {data?.length === 0 ? <p className="quiet">Nothing was changed yet.</p> : null}
      {(total ?? 0) > perPage ? (
        <div className="row">
          <Button disabled={page === 1} onClick={() => setPage(page - 1)}>
            Newer
          </Button>
          <Button disabled={page * perPage >= (total ?? 0)} onClick={() => setPage(page + 1)}>
            Older
          </Button>
        </div>
      ) : null}
      {undone === null ? null : (
        <UndoDialog zone={zone} {...undone} onClose={() => setUndone(null)} onDone={() => setUndone(null)} />
      )}
    </div>
  );
}

function UndoDialog({
  zone,
  entry,
  preview,
  onClose,
  onDone,
}: {
  readonly zone: Zone;
  readonly entry: ZoneHistoryEntry;
  readonly preview: ZoneChangeAnswer;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [isBusy, setIsBusy] = useState(false);
  const dns = useDns();
  const notify = useNotify();
  const queries = useQueryClient();
  const submit = async (fields: FormData) => {
    setIsBusy(true);
    try {
      const answer = await dns.undo(zone.id, entry.id, {
        comment: String(fields.get("comment") ?? ""),
        preview: false,
      });
      notify(`Change ${entry.id} is taken back; the serial is ${answer.serial}`, { type: "success" });
      await queries.invalidateQueries();
      onDone();
    } catch (fault) {
      notify(fault instanceof Error ? fault.message : String(fault), { type: "error", autoHideDuration: 10_000 });
      setIsBusy(false);
    }
  };
  return (
    <ActionDialog
      title={`Undo change ${entry.id}`}
      submitText="Undo"
      isBusy={isBusy}
      onSubmit={(fields) => void submit(fields)}
      onClose={onClose}
    >
      <div className="stack">
        <FindingList findings={preview.findings} />
        <DifferenceLines differences={preview.differences} count={preview.differenceCount} />
        <TextField name="comment" label="Why" size="small" fullWidth autoFocus />
      </div>
    </ActionDialog>
  );
}
