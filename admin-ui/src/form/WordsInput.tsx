import { useInput } from "react-admin";
import { faultText } from "./fault-text.ts";
import { ListInput } from "./ListInput.tsx";

/** A field that is a list of words. */
export function WordsInput({
  source,
  label,
  placeholder,
  helperText,
  initial = [],
  hasCommas,
}: {
  source: string;
  label: string;
  placeholder?: string;
  helperText?: string;
  /** Where the record has none. */
  initial?: readonly string[];
  /** A comma is a sign as any other, and ends no word. */
  hasCommas?: boolean;
}) {
  const { field, fieldState } = useInput<string[]>({ source, defaultValue: [...initial] });
  return (
    <ListInput
      label={label}
      values={field.value ?? []}
      onChange={field.onChange}
      disabled={field.disabled}
      placeholder={placeholder}
      hasCommas={hasCommas}
      helperText={faultText(fieldState.error) ?? helperText}
    />
  );
}
