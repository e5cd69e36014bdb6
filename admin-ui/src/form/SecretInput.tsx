import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { keptSecret } from "@mycloud/protocol/forward";
import { useState } from "react";
import { useInput } from "react-admin";
import { faultText } from "./fault-text.ts";

/** A secret: never shown. One that is set stays as it is until it is replaced or taken away. */
export function SecretInput({ source, label, helperText }: { source: string; label: string; helperText?: string }) {
  const { field, fieldState } = useInput<string | null>({ source, defaultValue: null });
  const [isReplacing, setReplacing] = useState(false);
  const fault = faultText(fieldState.error);
  const isSet = field.value === keptSecret;
  if (isSet && !isReplacing) {
    return (
      <div className="secret">
        <span>
          <b>{label}</b> <span className="quiet">is set and stays as it is; it is never shown</span>
        </span>
        {field.disabled ? null : (
          <span className="row" style={{ gap: 4 }}>
            <Button
              onClick={() => {
                setReplacing(true);
                field.onChange("");
              }}
            >
              Replace
            </Button>
            <Button onClick={() => field.onChange(null)}>Remove</Button>
          </span>
        )}
        {fault === undefined ? null : (
          <p role="alert" className="fault">
            {fault}
          </p>
        )}
      </div>
    );
  }
  return (
    <div className="secret">
      <TextField
        label={label}
        type="password"
        value={field.value ?? ""}
        disabled={field.disabled === true}
        error={fault !== undefined}
        helperText={fault ?? helperText ?? "Empty: none"}
        onChange={(event) => field.onChange(event.target.value === "" ? null : event.target.value)}
        slotProps={{ htmlInput: { autoComplete: "new-password" } }}
      />
      {isReplacing ? (
        <Button
          onClick={() => {
            setReplacing(false);
            field.onChange(keptSecret);
          }}
        >
          Keep the old one
        </Button>
      ) : null}
    </div>
  );
}
