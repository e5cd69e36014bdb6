import FormControlLabel from "@mui/material/FormControlLabel";
import Switch from "@mui/material/Switch";
import type { ReactNode } from "react";
import { useInput } from "react-admin";

interface OptionalPartProps {
  /** A field that is an object, or null. */
  readonly source: string;
  readonly label: string;
  /** What the object starts with. */
  readonly fresh: () => object;
  readonly children: ReactNode;
}

/** A part of a form that there may be or not be: switched on, its inputs appear. */
export function OptionalPart({ source, label, fresh, children }: OptionalPartProps) {
  const { field } = useInput<object | null>({ source, defaultValue: null });
  const isThere = typeof field.value === "object" && field.value !== null;
  return (
    <>
      <FormControlLabel
        label={label}
        disabled={field.disabled === true}
        control={<Switch size="small" checked={isThere} onChange={(_, on) => field.onChange(on ? fresh() : null)} />}
      />
      {isThere ? children : null}
    </>
  );
}
