import Autocomplete from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";

interface ListInputProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
  readonly placeholder?: string | undefined;
  readonly helperText?: string | undefined;
  readonly isValid?: ((text: string) => boolean) | undefined;
  readonly disabled?: boolean | undefined;
  /** A comma is a sign as any other: in patterns. */
  readonly hasCommas?: boolean | undefined;
}

/** Several words: Enter or a comma ends one, Backspace takes the last away. */
export function ListInput({
  label,
  values,
  onChange,
  placeholder,
  helperText,
  isValid = () => true,
  disabled,
  hasCommas = false,
}: ListInputProps) {
  const add = (text: string) => {
    const word = text.trim();
    if (word !== "" && isValid(word) && !values.includes(word)) onChange([...values, word]);
  };
  return (
    <Autocomplete
      multiple
      freeSolo
      autoSelect
      disabled={disabled ?? false}
      options={[] as string[]}
      value={[...values]}
      onChange={(_, next) => onChange(next.map((word) => word.trim()).filter((word) => word !== "" && isValid(word)))}
      renderInput={(parameters) => (
        <TextField
          {...parameters}
          label={label}
          placeholder={values.length === 0 ? placeholder : undefined}
          helperText={helperText}
          onKeyDown={(event) => {
            if (event.key !== "," || hasCommas || label.includes("Label")) return;
            event.preventDefault();
            if (event.target instanceof HTMLInputElement) add(event.target.value);
          }}
        />
      )}
    />
  );
}
