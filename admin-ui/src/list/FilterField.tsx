import { useEffect, useState } from "react";
import { useListContext } from "react-admin";
import { formatLabel, parseLabel } from "../selector/selector-text.ts";

const settleMs = 250;

/** A text filter of the list; asks once typing pauses. `source` is a key of the resource's filter. */
export function TextFilter({ source, label, width = 150 }: { source: string; label: string; width?: number }) {
  const { filterValues, setFilters } = useListContext();
  const value = String(filterValues[source] ?? "");
  return (
    <SettledField
      label={label}
      width={width}
      value={value}
      onSettle={(text) => setFilters(without(filterValues, source, text.trim()))}
    />
  );
}

/** A filter by label, written `role=web`. */
export function LabelFilter() {
  const { filterValues, setFilters } = useListContext();
  const current: Record<string, string> = filterValues.label ?? {};
  const [[name, wanted] = []] = Object.entries(current);
  const value = name === undefined || wanted === undefined ? "" : formatLabel(name, wanted);
  return (
    <SettledField
      label="Label, e.g. role=web"
      width={150}
      value={value}
      isValid={(text) => text.trim() === "" || parseLabel(text) !== null}
      onSettle={(text) => {
        const parsed = parseLabel(text);
        const label = parsed ? { [parsed[0]]: String(parsed[1]) } : undefined;
        if (label || text.trim() === "") setFilters(without(filterValues, "label", label));
      }}
    />
  );
}

/** A filter with a few named choices; each choice is a set of filter keys. */
export function ChoiceFilter({
  label,
  choices,
}: {
  label: string;
  choices: readonly { readonly text: string; readonly filter: Readonly<Record<string, unknown>> }[];
}) {
  const { filterValues, setFilters } = useListContext();
  const keys = [...new Set(choices.flatMap((choice) => Object.keys(choice.filter)))];
  const isChosen = (filter: Readonly<Record<string, unknown>>) =>
    keys.every((key) => JSON.stringify(filterValues[key]) === JSON.stringify(filter[key]));
  const chosen = choices.findIndex((choice) => isChosen(choice.filter));
  return (
    <select
      className="field"
      aria-label={label}
      value={chosen}
      onChange={(event) => {
        const rest = Object.fromEntries(Object.entries(filterValues).filter(([key]) => !keys.includes(key)));
        setFilters({ ...rest, ...choices[Number(event.target.value)]?.filter });
      }}
    >
      {chosen < 0 ? <option value={-1}>{label}: custom</option> : null}
      {choices.map((choice, index) => (
        <option key={choice.text} value={index}>
          {choice.text}
        </option>
      ))}
    </select>
  );
}

function without(filter: Readonly<Record<string, unknown>>, key: string, value: unknown): Record<string, unknown> {
  const rest = Object.fromEntries(Object.entries(filter).filter(([each]) => each !== key));
  return value === undefined || value === "" ? rest : { ...rest, [key]: value };
}

interface SettledFieldProps {
  readonly label: string;
  readonly width: number;
  readonly value: string;
  readonly isValid?: (text: string) => boolean;
  readonly onSettle: (text: string) => void;
}

function SettledField({ label, width, value, isValid, onSettle }: SettledFieldProps) {
  const [text, setText] = useState(value);
  const [typed, setTyped] = useState(false);
  // A view or the address bar may change the filter from outside.
  useEffect(() => {
    if (!typed) setText(value);
  }, [value, typed]);
  useEffect(() => {
    if (!typed) return;
    const timer = setTimeout(() => {
      setTyped(false);
      onSettle(text);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [text, typed, onSettle]);
  const isFaulty = isValid !== undefined && !isValid(text);
  return (
    <input
      className={isFaulty ? "field invalid" : "field"}
      style={{ width }}
      type="search"
      aria-label={label}
      aria-invalid={isFaulty}
      placeholder={label}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        setTyped(true);
      }}
    />
  );
}
