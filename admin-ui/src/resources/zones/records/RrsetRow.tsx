import RemoveIcon from "@mui/icons-material/DeleteOutlined";
import EditIcon from "@mui/icons-material/EditOutlined";
import UndoIcon from "@mui/icons-material/UndoOutlined";
import IconButton from "@mui/material/IconButton";
import type { Rrset, RrsetRecord } from "@mycloud/protocol/dns-zone";
import { recordText } from "../difference-text.ts";
import type { PendingChange } from "./draft.ts";

interface RrsetRowProps {
  readonly rrset: Rrset;
  readonly pending: PendingChange | undefined;
  readonly mayEdit: boolean;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
  readonly onRestore: () => void;
}

/** One RRset of a zone: what is defined, and of it what is answered at present. */
export function RrsetRow({ rrset, pending, mayEdit, onEdit, onDelete, onRestore }: RrsetRowProps) {
  const isLeaving = pending?.fields === null;
  const what = `${rrset.name} ${rrset.type}`;
  return (
    <tr className={isLeaving ? "crossed" : undefined}>
      <td className="mono wrap strong">{rrset.name}</td>
      <td>{rrset.type}</td>
      <td className="quiet hide-narrow">{rrset.ttlSeconds ?? "zone's"}</td>
      <td className="wrap">
        {rrset.records.map((record) => (
          <RecordLine key={record.data} record={record} published={rrset.published} />
        ))}
        {rrset.comment === "" && rrset.owner === "" ? null : (
          <div className="quiet wrap">{[rrset.owner, rrset.comment].filter((text) => text !== "").join(": ")}</div>
        )}
      </td>
      <td className="quiet hide-narrow">{rrset.source}</td>
      <td>
        {mayEdit ? (
          <span className="row row-actions">
            {pending === undefined ? (
              <>
                <IconButton size="small" aria-label={`Edit ${what}`} onClick={onEdit}>
                  <EditIcon fontSize="inherit" />
                </IconButton>
                <IconButton size="small" aria-label={`Delete ${what}`} onClick={onDelete}>
                  <RemoveIcon fontSize="inherit" />
                </IconButton>
              </>
            ) : (
              <>
                <span className="mark">{isLeaving ? "goes" : "changed"}</span>
                <IconButton size="small" aria-label={`Take the change of ${what} back`} onClick={onRestore}>
                  <UndoIcon fontSize="inherit" />
                </IconButton>
              </>
            )}
          </span>
        ) : null}
      </td>
    </tr>
  );
}

/** A record whose service is not well is shown as what it is: defined and not answered. */
function RecordLine({
  record,
  published,
}: {
  readonly record: RrsetRecord;
  readonly published: readonly string[] | null;
}) {
  const isAnswered = published?.includes(record.data) ?? true;
  return (
    <div className="mono wrap">
      {recordText(record)}
      {isAnswered ? null : (
        <>
          {" "}
          <b className="tone-critical">not answered</b>
        </>
      )}
      {isAnswered && record.service !== undefined ? <b className="tone-ok"> answered</b> : null}
    </div>
  );
}
