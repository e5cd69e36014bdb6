import AddIcon from "@mui/icons-material/AddOutlined";
import RemoveIcon from "@mui/icons-material/DeleteOutlined";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useInput } from "react-admin";
import { faultText } from "./fault-text.ts";

type Pair = readonly [name: string, value: string];

/** Custom variables, a name and a value each. Of two rows with one name the later counts. */
export function VariablesInput({ source, helperText }: { source: string; helperText: string }) {
  const { field, fieldState } = useInput<Record<string, string>>({ source, defaultValue: {} });
  const [pairs, setPairs] = useState<readonly Pair[]>(() => Object.entries(field.value ?? {}));
  const disabled = field.disabled === true;
  const fault = faultText(fieldState.error);
  const change = (next: readonly Pair[]) => {
    setPairs(next);
    field.onChange(
      Object.fromEntries(next.filter(([name]) => name.trim() !== "").map(([name, value]) => [name.trim(), value])),
    );
  };
  const at = (index: number, pair: Pair) => change(pairs.map((each, own) => (own === index ? pair : each)));
  return (
    <fieldset className="plain-group">
      <legend>Variables</legend>
      {pairs.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity, and names change while they are typed
        <div key={index} className="pair">
          <TextField
            label="Variable"
            value={name}
            disabled={disabled}
            onChange={(event) => at(index, [event.target.value.toUpperCase(), value])}
            slotProps={{ htmlInput: { className: "mono", spellCheck: false } }}
          />
          <TextField
            label="Value"
            value={value}
            disabled={disabled}
            onChange={(event) => at(index, [name, event.target.value])}
          />
          <IconButton
            size="small"
            aria-label={`Remove variable ${name}`}
            disabled={disabled}
            onClick={() => change(pairs.filter((_, own) => own !== index))}
          >
            <RemoveIcon fontSize="inherit" />
          </IconButton>
        </div>
      ))}
      {fault === undefined ? null : (
        <p role="alert" className="fault">
          {fault}
        </p>
      )}
      <div className="row">
        <Button startIcon={<AddIcon />} disabled={disabled} onClick={() => setPairs([...pairs, ["", ""]])}>
          Add a variable
        </Button>
        <span className="hint">{helperText}</span>
      </div>
    </fieldset>
  );
}
