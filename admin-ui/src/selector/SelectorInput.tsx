import FormControlLabel from "@mui/material/FormControlLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import { useInput } from "react-admin";
import { faultText } from "../form/fault-text.ts";
import { ListInput } from "../form/ListInput.tsx";
import { cleanSelector, formatLabel, hostSelectorText, parseLabel, serviceSelectorText } from "./selector-text.ts";

interface SelectorInputProps {
  readonly source: string;
  /** Whether services can be chosen too: notification rules and downtimes, but not checks. */
  readonly hasServices: boolean;
}

type Scope = "all" | "hosts" | "services";

function scopeOf(selector: ServiceSelector): Scope {
  if (selector.services === undefined) return "all";
  return selector.services.length === 0 ? "hosts" : "services";
}

/** Edits a selector: groups, labels and host names, and which services of them. */
export function SelectorInput({ source, hasServices }: SelectorInputProps) {
  const { field, fieldState } = useInput<ServiceSelector>({ source, defaultValue: {} });
  const selector: ServiceSelector = field.value ?? {};
  const disabled = field.disabled === true;
  const set = (change: Partial<ServiceSelector>) => field.onChange(cleanSelector({ ...selector, ...change }));
  const labels = Object.entries(selector.labels ?? {}).map(([name, value]) => formatLabel(name, value));
  const scope = scopeOf(selector);
  const fault = faultText(fieldState.error);
  const setScope = (next: Scope) => {
    const { services: _, ...hosts } = selector;
    field.onChange(cleanSelector(next === "all" ? hosts : { ...hosts, services: next === "hosts" ? [] : ["*"] }));
  };
  return (
    <div>
      <ListInput
        disabled={disabled}
        label="Groups"
        values={selector.groups ?? []}
        onChange={(groups) => set({ groups })}
        placeholder="web, db-*, !staging"
      />
      <ListInput
        disabled={disabled}
        label="Labels"
        values={labels}
        isValid={(text) => parseLabel(text) !== null}
        onChange={(words) =>
          set({ labels: Object.fromEntries(words.flatMap((word) => [parseLabel(word) ?? []].filter(isPair))) })
        }
        placeholder="role=web   env=prod,stage"
      />
      <ListInput
        disabled={disabled}
        label="Host names"
        values={selector.hosts ?? []}
        onChange={(hosts) => set({ hosts })}
        placeholder="web*.example.org, !web9.example.org"
      />
      {hasServices ? (
        <>
          <RadioGroup
            row
            value={scope}
            onChange={(_, value) => setScope(value === "hosts" || value === "services" ? value : "all")}
            aria-label="What of these hosts"
          >
            <FormControlLabel
              disabled={disabled}
              value="all"
              control={<Radio size="small" />}
              label="hosts and their services"
            />
            <FormControlLabel disabled={disabled} value="hosts" control={<Radio size="small" />} label="hosts only" />
            <FormControlLabel
              disabled={disabled}
              value="services"
              control={<Radio size="small" />}
              label="services only"
            />
          </RadioGroup>
          {scope === "services" ? (
            <ListInput
              disabled={disabled}
              label="Service names"
              values={selector.services ?? []}
              onChange={(services) => set({ services: services.length === 0 ? ["*"] : services })}
              placeholder="disk*, load"
            />
          ) : null}
        </>
      ) : null}
      <p className="hint" aria-live="polite">
        Covers: <b>{hasServices ? serviceSelectorText(selector) : hostSelectorText(selector)}</b>. Every line must
        match; within a line any entry may. <code>*</code> and <code>?</code> are wildcards, <code>!</code> excludes.
      </p>
      {fault === undefined ? null : (
        <p role="alert" className="fault">
          {fault}
        </p>
      )}
    </div>
  );
}

function isPair(value: [] | [string, string | string[]]): value is [string, string | string[]] {
  return value.length === 2;
}
