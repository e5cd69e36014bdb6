import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { Panel } from "../../../record/Panel.tsx";
import { DifferenceLines } from "../DifferenceLines.tsx";
import { FindingList } from "../FindingList.tsx";
import type { ZoneDraft } from "./useZoneDraft.ts";

/** Changes that are not applied yet: what they come to, what is wrong with them, and the button. */
export function PendingPanel({ draft }: { readonly draft: ZoneDraft }) {
  const [comment, setComment] = useState("");
  const { preview, previewFault, wishCount, changes } = draft;
  if (changes.size === 0) return null;
  const hasError = preview?.findings.some(({ severity }) => severity === "error") ?? false;
  const isReady =
    preview !== undefined && previewFault === null && !hasError && !draft.isAsking && preview.differenceCount > 0;
  const apply = async () => {
    await draft.apply(comment);
    setComment("");
  };
  return (
    <Panel
      title={changes.size === 1 ? "One change, not applied" : `${changes.size} changes, not applied`}
      end={
        preview === undefined ? null : (
          <span className="quiet">
            serial {preview.serialBefore} → {preview.serial}
          </span>
        )
      }
    >
      <div className="stack">
        <output aria-live="polite">
          {previewFault !== null ? <p className="fault wrap">{previewFault}</p> : null}
          {preview === undefined ? (
            <p className="quiet">{wishCount === 0 ? "Nothing complete yet." : "Looking what this comes to …"}</p>
          ) : (
            <>
              <FindingList findings={preview.findings} />
              <DifferenceLines differences={preview.differences} count={preview.differenceCount} />
            </>
          )}
        </output>
        <div className="row">
          <TextField
            label="Why"
            size="small"
            value={comment}
            onChange={({ target }) => setComment(target.value)}
            slotProps={{ htmlInput: { maxLength: 1000 } }}
            sx={{ flex: 1 }}
          />
          <Button variant="contained" disabled={!isReady || draft.isApplying} onClick={() => void apply()}>
            Apply
          </Button>
          <Button onClick={draft.discard}>Discard</Button>
        </div>
      </div>
    </Panel>
  );
}
