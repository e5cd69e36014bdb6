import Autocomplete from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { type RaRecord, useGetList, useInput } from "react-admin";
import { useMayAccess } from "../providers/hooks.ts";
import { faultText } from "./fault-text.ts";

interface NamesInputProps {
  readonly source: string;
  readonly label: string;
  /** The resource whose names may be chosen. */
  readonly reference: string;
  readonly helperText?: string;
  readonly isRequired?: boolean;
  readonly placeholder?: string;
}

/** The names of a resource that fit what was typed; a hundred at most, none where whoever is signed in may not see them. */
export function useNames(
  reference: string,
  words: string,
  fits: (record: RaRecord) => boolean = () => true,
): readonly string[] {
  const maySee = useMayAccess("list", reference);
  const { data = [] } = useGetList<RaRecord & { readonly name: string }>(
    reference,
    {
      pagination: { page: 1, perPage: 100 },
      sort: { field: "name", order: "ASC" },
      filter: words.trim() === "" ? {} : { q: words.trim() },
    },
    { enabled: maySee },
  );
  return data.filter(fits).map(({ name }) => name);
}

/** Several definitions or hosts by name, in an order that is kept. */
export function NamesInput({ source, label, reference, helperText, isRequired, placeholder }: NamesInputProps) {
  const { field, fieldState } = useInput<string[]>({ source, defaultValue: [] });
  const [words, setWords] = useState("");
  const names = useNames(reference, words);
  const fault = faultText(fieldState.error);
  return (
    <Autocomplete
      multiple
      filterSelectedOptions
      disabled={field.disabled === true}
      options={[...names]}
      value={field.value ?? []}
      onChange={(_, next) => field.onChange(next)}
      inputValue={words}
      onInputChange={(_, text, reason) => {
        if (reason !== "blur") setWords(text);
      }}
      onBlur={() => setWords("")}
      noOptionsText="Nothing of this name"
      renderInput={(parameters) => (
        <TextField
          {...parameters}
          label={label}
          required={isRequired ?? false}
          placeholder={(field.value ?? []).length === 0 ? placeholder : undefined}
          error={fault !== undefined}
          helperText={fault ?? helperText}
          slotProps={{
            ...parameters.slotProps,
            // The chips are the value; the text beside them may well be empty.
            htmlInput: { ...parameters.slotProps?.htmlInput, required: false },
          }}
        />
      )}
    />
  );
}

/** One definition or host by name; empty is null. */
export function NameInput({ source, label, reference, helperText, isRequired, placeholder }: NamesInputProps) {
  const { field, fieldState } = useInput<string | null>({ source, defaultValue: null });
  const [words, setWords] = useState("");
  const value = field.value ?? null;
  const names = useNames(reference, words === value ? "" : words);
  const fault = faultText(fieldState.error);
  return (
    <Autocomplete
      disabled={field.disabled === true}
      options={value === null || names.includes(value) ? [...names] : [value, ...names]}
      value={value}
      onChange={(_, next) => field.onChange(next)}
      onInputChange={(_, text) => setWords(text)}
      noOptionsText="Nothing of this name"
      renderInput={(parameters) => (
        <TextField
          {...parameters}
          label={label}
          required={isRequired ?? false}
          placeholder={placeholder}
          error={fault !== undefined}
          helperText={fault ?? helperText}
        />
      )}
    />
  );
}
