import { NumberInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { formatDuration } from "../time/duration.ts";

/** A length of time in seconds, with what that is in words. */
export function DurationInput({
  source,
  label,
  min,
  max,
  helperText,
}: {
  source: string;
  label: string;
  min: number;
  max: number;
  helperText?: string;
}) {
  const value: unknown = useWatch({ name: source });
  const inWords = typeof value === "number" && value >= 60 ? `= ${formatDuration(value)}` : "";
  return (
    <NumberInput
      source={source}
      label={`${label}, seconds`}
      min={min}
      max={max}
      helperText={[inWords, helperText].filter(Boolean).join(" · ") || false}
    />
  );
}
