import TextField from "@mui/material/TextField";
import { useInput } from "react-admin";
import { faultText } from "../../form/fault-text.ts";

/** A business rule: its expression, and if need be a template of its output; the two arguments of `bp_rule`. */
export function BusinessRuleInput() {
  const { field, fieldState } = useInput<string[]>({ source: "arguments", defaultValue: [] });
  const [expression = "", template = ""] = field.value ?? [];
  const set = (next: string, output: string) => field.onChange(output === "" ? [next] : [next, output]);
  const fault = faultText(fieldState.error);
  return (
    <>
      <TextField
        label="Rule"
        required
        multiline
        value={expression}
        disabled={field.disabled === true}
        error={fault !== undefined}
        helperText={
          fault ??
          "host,service joined by & and |, ! for not, 2 of: (...) and 50% of: (...), g:GROUP for the hosts of a group, * as wildcard: (db1,mysql | db2,mysql) & lb,http"
        }
        slotProps={{ htmlInput: { className: "mono", spellCheck: false } }}
        onChange={(event) => set(event.target.value, template)}
      />
      <TextField
        label="Template of its output"
        value={template}
        disabled={field.disabled === true}
        helperText="Empty: says which of them are bad"
        slotProps={{ htmlInput: { className: "mono", spellCheck: false } }}
        onChange={(event) => set(expression, event.target.value)}
      />
    </>
  );
}
