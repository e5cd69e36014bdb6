import DownIcon from "@mui/icons-material/ArrowDownwardOutlined";
import UpIcon from "@mui/icons-material/ArrowUpwardOutlined";
import RemoveIcon from "@mui/icons-material/DeleteOutlined";
import Autocomplete from "@mui/material/Autocomplete";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useInput } from "react-admin";
import { faultText } from "./fault-text.ts";
import { moved } from "./moved.ts";
import { useNames } from "./NamesInput.tsx";

/** Names in an order that matters, one a line, each of which can be moved; a name may stand more than once. */
export function OrderedNamesInput({
  source,
  label,
  noun,
  reference,
  helperText,
}: {
  source: string;
  label: string;
  noun: string;
  reference: string;
  helperText: string;
}) {
  const { field, fieldState } = useInput<string[]>({ source, defaultValue: [] });
  const [words, setWords] = useState("");
  const options = useNames(reference, words);
  const names: readonly string[] = field.value ?? [];
  const disabled = field.disabled === true;
  const fault = faultText(fieldState.error);
  return (
    <fieldset className="plain-group">
      <legend>{label}</legend>
      <ol className="ordered-names">
        {names.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand more than once, and its place is what it is
          <li key={index}>
            <span className="strong clip">{name}</span>
            <span className="input-row-tools">
              <IconButton
                size="small"
                aria-label={`Move ${noun} ${index + 1}, ${name}, up`}
                disabled={disabled || index === 0}
                onClick={() => field.onChange(moved(names, index, index - 1))}
              >
                <UpIcon fontSize="inherit" />
              </IconButton>
              <IconButton
                size="small"
                aria-label={`Move ${noun} ${index + 1}, ${name}, down`}
                disabled={disabled || index === names.length - 1}
                onClick={() => field.onChange(moved(names, index, index + 1))}
              >
                <DownIcon fontSize="inherit" />
              </IconButton>
              <IconButton
                size="small"
                aria-label={`Remove ${noun} ${index + 1}, ${name}`}
                disabled={disabled}
                onClick={() => field.onChange(names.filter((_, own) => own !== index))}
              >
                <RemoveIcon fontSize="inherit" />
              </IconButton>
            </span>
          </li>
        ))}
      </ol>
      <Autocomplete
        options={[...options]}
        value={null}
        inputValue={words}
        disabled={disabled}
        onInputChange={(_, text, reason) => {
          if (reason === "input") setWords(text);
        }}
        onChange={(_, name) => {
          if (name !== null) field.onChange([...names, name]);
          setWords("");
        }}
        blurOnSelect={false}
        noOptionsText="Nothing of this name"
        renderInput={(parameters) => (
          <TextField
            {...parameters}
            label={`Add a ${noun}`}
            error={fault !== undefined}
            helperText={fault ?? helperText}
          />
        )}
      />
    </fieldset>
  );
}
