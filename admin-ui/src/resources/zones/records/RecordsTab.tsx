import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import type { Rrset, Zone } from "@mycloud/protocol/dns-zone";
import { useState } from "react";
import { useGetList } from "react-admin";
import { useSettled } from "../../../form/useSettled.ts";
import { ErrorMessage, SkeletonLines } from "../../../layout/Message.tsx";
import { useMayAccess } from "../../../providers/hooks.ts";
import { Panel } from "../../../record/Panel.tsx";
import { fieldsOf, freshFields } from "./draft.ts";
import { PendingPanel } from "./PendingPanel.tsx";
import { RrsetEditor } from "./RrsetEditor.tsx";
import { RrsetRow } from "./RrsetRow.tsx";
import { recordTypeChoices } from "./record-types.ts";
import { useZoneDraft } from "./useZoneDraft.ts";

const perPage = 100;

/** A zone's RRsets, edited where they stand; what is changed waits until it is applied, all of it at once. */
export function RecordsTab({ zone }: { readonly zone: Zone }) {
  const [words, setWords] = useState("");
  const [type, setType] = useState("");
  const [page, setPage] = useState(1);
  const [edited, setEdited] = useState<number | null>(null);
  const draft = useZoneDraft(zone);
  const mayEdit = useMayAccess("edit", "dns/zones") && zone.kind === "primary";
  const q = useSettled(words.trim());
  const { data, total, error, refetch, isPending } = useGetList<Rrset>(`dns/zones/${zone.id}/rrsets`, {
    pagination: { page, perPage },
    sort: { field: "name", order: "ASC" },
    filter: { ...(q === "" ? {} : { q }), ...(type === "" ? {} : { type }) },
  });
  const fresh = [...draft.changes].filter(([key]) => key < 0);
  const add = () => setEdited(draft.add({ original: null, fields: freshFields }));
  const editorOf = (key: number) => {
    const change = draft.changes.get(key);
    if (change === undefined || change.fields === null) return null;
    return (
      <tr key={`editor ${key}`}>
        <td colSpan={6} className="detail-cell">
          <RrsetEditor
            fields={change.fields}
            onChange={(fields) => draft.set(key, { ...change, fields })}
            onCancel={() => {
              draft.set(key, null);
              setEdited(null);
            }}
            onClose={() => setEdited(null)}
          />
        </td>
      </tr>
    );
  };
  return (
    <div className="stack">
      <PendingPanel draft={draft} />
      <Panel
        title="Records"
        isFlush
        end={
          <>
            <TextField
              size="small"
              fullWidth={false}
              label="Words"
              value={words}
              onChange={({ target }) => {
                setWords(target.value);
                setPage(1);
              }}
            />
            <TextField
              select
              size="small"
              fullWidth={false}
              label="Type"
              value={type}
              sx={{ minWidth: 100 }}
              onChange={({ target }) => {
                setType(target.value);
                setPage(1);
              }}
            >
              <MenuItem value="">any</MenuItem>
              {recordTypeChoices("SOA").map((choice) => (
                <MenuItem key={choice} value={choice}>
                  {choice}
                </MenuItem>
              ))}
            </TextField>
            {mayEdit ? (
              <Button variant="outlined" startIcon={<AddIcon />} onClick={add}>
                Add
              </Button>
            ) : null}
          </>
        }
      >
        {error ? <ErrorMessage error={error} onRetry={() => void refetch()} /> : null}
        {isPending ? (
          <div className="panel-body">
            <SkeletonLines count={6} />
          </div>
        ) : (
          <div className="table-wrap">
            <table className="table auto" aria-label={`Records of ${zone.name}`}>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Type</th>
                  <th scope="col" className="hide-narrow">
                    TTL
                  </th>
                  <th scope="col">Records</th>
                  <th scope="col" className="hide-narrow">
                    From
                  </th>
                  <th scope="col">
                    <span className="visually-hidden">What can be done</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {fresh.map(([key, { fields }]) =>
                  key === edited ? (
                    editorOf(key)
                  ) : (
                    <tr key={key}>
                      <td className="mono strong">{fields?.name}</td>
                      <td>{fields?.type}</td>
                      <td className="quiet hide-narrow">{fields?.ttl || "zone's"}</td>
                      <td className="mono wrap">{fields?.records.map(({ data: text }) => text).join(", ")}</td>
                      <td className="mark hide-narrow">new</td>
                      <td>
                        <Button onClick={() => setEdited(key)}>Edit</Button>
                      </td>
                    </tr>
                  ),
                )}
                {(data ?? []).map((rrset) =>
                  rrset.id === edited ? (
                    editorOf(rrset.id)
                  ) : (
                    <RrsetRow
                      key={rrset.id}
                      rrset={rrset}
                      pending={draft.changes.get(rrset.id)}
                      mayEdit={mayEdit && rrset.type !== "SOA"}
                      onEdit={() => {
                        draft.set(rrset.id, { original: rrset, fields: fieldsOf(rrset) });
                        setEdited(rrset.id);
                      }}
                      onDelete={() => draft.set(rrset.id, { original: rrset, fields: null })}
                      onRestore={() => draft.set(rrset.id, null)}
                    />
                  ),
                )}
              </tbody>
            </table>
            {data?.length === 0 && fresh.length === 0 ? <p className="panel-body quiet">No records here.</p> : null}
          </div>
        )}
        {(total ?? 0) > perPage ? (
          <div className="panel-body row">
            <Button disabled={page === 1} onClick={() => setPage(page - 1)}>
              Before
            </Button>
            <span className="quiet">
              {((page - 1) * perPage + 1).toLocaleString("en")} to{" "}
              {Math.min(page * perPage, total ?? 0).toLocaleString("en")} of {(total ?? 0).toLocaleString("en")}
            </span>
            <Button disabled={page * perPage >= (total ?? 0)} onClick={() => setPage(page + 1)}>
              After
            </Button>
          </div>
        ) : null}
      </Panel>
    </div>
  );
}
