import { CheckboxGroupInput } from "react-admin";

/** Several of a few words, such as states. */
export function ChoicesInput({
  source,
  label,
  choices,
  helperText = false,
}: {
  source: string;
  label: string;
  choices: readonly string[];
  helperText?: string | false;
}) {
  return (
    <CheckboxGroupInput
      source={source}
      label={label}
      row
      choices={choices.map((choice) => ({ id: choice, name: choice }))}
      helperText={helperText}
    />
  );
}
