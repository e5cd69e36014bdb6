import AddIcon from "@mui/icons-material/AddOutlined";
import RemoveIcon from "@mui/icons-material/DeleteOutlined";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { emptyRecord, type RecordDraft, type RrsetFields, readFields } from "./draft.ts";
import { recordTypeChoices } from "./record-types.ts";

interface RrsetEditorProps {
  readonly fields: RrsetFields;
  readonly onChange: (fields: RrsetFields) => void;
  /** Takes back what was typed. */
  readonly onCancel: () => void;
  /** Closes the editor; what was typed waits to be applied. */
  readonly onClose: () => void;
}

/** An RRset's fields, in its place in the table. */
export function RrsetEditor({ fields, onChange, onCancel, onClose }: RrsetEditorProps) {
  const [showsMore, setShowsMore] = useState(usesMore(fields));
  const read = readFields(fields);
  const faults = "faults" in read ? read.faults : {};
  const set = (some: Partial<RrsetFields>) => onChange({ ...fields, ...some });
  const setRecord = (at: number, some: Partial<RecordDraft>) =>
    set({ records: fields.records.map((record, index) => (index === at ? { ...record, ...some } : record)) });
  const text = (
    field: "name" | "ttl" | "comment" | "owner" | "minimumAnswers" | "answers",
    label: string,
    hint = "",
  ) => (
    <TextField
      size="small"
      label={label}
      value={fields[field]}
      error={field in faults}
      helperText={faults[field as keyof typeof faults] ?? hint}
      onChange={({ target }) => set({ [field]: target.value })}
    />
  );
  return (
    <fieldset
      className="stack"
      style={{ border: 0, margin: 0, padding: 0 }}
      aria-label={`Records of ${fields.name || "a new name"}`}
    >
      <div className="form-grid">
        {text("name", "Name", "@ is the zone itself")}
        <TextField
          select
          size="small"
          label="Type"
          value={fields.type}
          onChange={({ target }) => set({ type: target.value })}
        >
          {recordTypeChoices(fields.type).map((type) => (
            <MenuItem key={type} value={type}>
              {type}
            </MenuItem>
          ))}
        </TextField>
        {text("ttl", "TTL, seconds", "empty: the zone's")}
      </div>
      {fields.records.map((record, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity while they are typed
        <div className="row" key={at}>
          <TextField
            size="small"
            label={at === 0 ? "Record" : `Record ${at + 1}`}
            value={record.data}
            sx={{ flex: 3 }}
            onChange={({ target }) => setRecord(at, { data: target.value })}
          />
          {showsMore ? (
            <>
              <TextField
                size="small"
                label="Well while (HOST/SERVICE)"
                value={record.service}
                sx={{ flex: 2 }}
                onChange={({ target }) => setRecord(at, { service: target.value })}
              />
              <TextField
                size="small"
                label="Weight"
                value={record.weight}
                sx={{ width: 90 }}
                onChange={({ target }) => setRecord(at, { weight: target.value })}
              />
              <TextField
                size="small"
                label="Tier"
                value={record.tier}
                sx={{ width: 80 }}
                onChange={({ target }) => setRecord(at, { tier: target.value })}
              />
            </>
          ) : null}
          <IconButton
            size="small"
            aria-label={`Remove record ${at + 1}`}
            disabled={fields.records.length === 1}
            onClick={() => set({ records: fields.records.filter((_, index) => index !== at) })}
          >
            <RemoveIcon fontSize="inherit" />
          </IconButton>
        </div>
      ))}
      {faults.records === undefined ? null : <p className="hint">{faults.records}</p>}
      {showsMore ? (
        <div className="form-grid">
          {text("minimumAnswers", "Minimum answers", "with fewer that are well, all are answered")}
          {text("answers", "Answers", "empty: all of them")}
          {text("owner", "Owner", "who to ask")}
          {text("comment", "Comment")}
        </div>
      ) : null}
      <div className="row">
        <Button startIcon={<AddIcon />} onClick={() => set({ records: [...fields.records, emptyRecord] })}>
          Record
        </Button>
        <Button aria-expanded={showsMore} onClick={() => setShowsMore(!showsMore)}>
          {showsMore ? "Less" : "Health, weights, owner"}
        </Button>
        <Button variant="outlined" disabled={"faults" in read} onClick={onClose}>
          Done
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </fieldset>
  );
}

function usesMore({ records, owner, comment, answers, minimumAnswers }: RrsetFields): boolean {
  const isBound = records.some(({ weight, tier, service }) => weight !== "" || tier !== "" || service !== "");
  return isBound || owner !== "" || comment !== "" || answers !== "" || minimumAnswers !== "1";
}
