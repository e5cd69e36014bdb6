import Autocomplete from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { useInput } from "react-admin";
import { ArgumentsInput } from "../../form/ArgumentsInput.tsx";
import { faultText } from "../../form/fault-text.ts";
import { useConsole } from "../../providers/hooks.ts";
import type { CheckCommand } from "../../providers/types.ts";
import { BusinessRuleInput } from "./BusinessRuleInput.tsx";

/** The command of checks that the control plane computes itself from the states of others. */
const businessRuleCommand = "bp_rule";

/** The command and its arguments as one line, with the command's own help beside it. */
export function CommandInputs() {
  const provider = useConsole();
  const { data: commands = [] } = useQuery({
    queryKey: ["check-commands"],
    queryFn: () => provider.checkCommands(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { field, fieldState } = useInput<string>({ source: "command", defaultValue: "" });
  const chosen = commands.find((command) => command.name === field.value);
  return (
    <>
      <Autocomplete
        freeSolo
        autoSelect
        disabled={field.disabled === true}
        options={commands.map((command) => command.name)}
        value={field.value ?? ""}
        onChange={(_, value) => field.onChange(value ?? "")}
        renderOption={({ key, ...props }, name) => (
          <li key={key} {...props}>
            <span>
              <b>{name}</b> <span className="quiet">{commands.find((command) => command.name === name)?.summary}</span>
            </span>
          </li>
        )}
        renderInput={(parameters) => (
          <TextField
            {...parameters}
            label="Command"
            required
            error={fieldState.error !== undefined}
            helperText={faultText(fieldState.error) ?? chosen?.summary}
          />
        )}
      />
      {field.value === businessRuleCommand ? <BusinessRuleInput /> : <ArgumentsInput />}
      {chosen ? <CommandHelp command={chosen} /> : null}
    </>
  );
}

function CommandHelp({ command }: { command: CheckCommand }) {
  return (
    <details className="command-help" open={command.options.length <= 6}>
      <summary>Options of {command.name}</summary>
      {command.options.length > 0 ? (
        <dl className="facts">
          {command.options.map((option) => (
            <div key={option.name} style={{ display: "contents" }}>
              <dt className="mono">
                {option.letter ? `-${option.letter}, ` : ""}--{option.name} {option.value ?? ""}
              </dt>
              <dd>
                {option.description}
                {option.default ? <span className="quiet"> (default {option.default})</span> : null}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {command.operands ? (
        <p>
          <code className="mono">{command.operands.usage}</code> {command.operands.description}
        </p>
      ) : null}
      {command.examples.map((example) => (
        <p key={example.arguments} className="example">
          <code className="mono">{example.arguments}</code> {example.description}
        </p>
      ))}
      {command.notes ? <p className="notes">{command.notes}</p> : null}
    </details>
  );
}
