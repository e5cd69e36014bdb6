import { useInput } from "react-admin";
import { faultText } from "./fault-text.ts";
import { ListInput } from "./ListInput.tsx";

/** A field that is a list of words. */
export function WordsInput({
  source,
  label,
  placeholder,
  helperText,
}: {
  source: string;
  label: string;
  placeholder?: string;
  helperText?: string;
}) {
  const { field, fieldState } = useInput<string[]>({ source, defaultValue: [] });
  return (
    <ListInput
      label={label}
      values={field.value ?? []}
      onChange={field.onChange}
      disabled={field.disabled}
      placeholder={placeholder}
      helperText={faultText(fieldState.error) ?? helperText}
    />
  );
}
