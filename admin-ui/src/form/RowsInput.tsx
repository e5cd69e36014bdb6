import AddIcon from "@mui/icons-material/AddOutlined";
import DownIcon from "@mui/icons-material/ArrowDownwardOutlined";
import UpIcon from "@mui/icons-material/ArrowUpwardOutlined";
import RemoveIcon from "@mui/icons-material/DeleteOutlined";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import type { ReactNode } from "react";
import { useFieldArray, useFormState } from "react-hook-form";
import { faultText } from "./fault-text.ts";

interface RowsInputProps {
  readonly source: string;
  /** One of them, as buttons say it: "exception". */
  readonly noun: string;
  /** What a new one starts with. */
  readonly fresh: () => object;
  /** The inputs of the row whose fields stand below `path`. */
  readonly children: (path: string, index: number) => ReactNode;
  /** Shown where there is none. */
  readonly empty?: string;
  /** Whether their order means something. */
  readonly isOrdered?: boolean;
}

/** A field that is a list of things with fields of their own. */
export function RowsInput({ source, noun, fresh, children, empty, isOrdered = false }: RowsInputProps) {
  const { fields, append, remove, move } = useFieldArray({ name: source });
  const { errors, disabled } = useFormState({ name: source });
  const own = errors[source];
  // Faults of a row's fields are shown there; here, those of the list itself.
  const fault = own && "message" in own ? faultText({ message: own.message }) : undefined;
  return (
    <div className="rows">
      {fields.length === 0 && empty ? <p className="hint">{empty}</p> : null}
      {fields.map((row, index) => {
        const path = `${source}.${index}`;
        const rowFault = faultAt(errors, path);
        return (
          <fieldset key={row.id} className="input-row" aria-label={`${noun} ${index + 1}`}>
            <div className="input-row-fields">
              {children(path, index)}
              {rowFault === undefined ? null : (
                <p role="alert" className="fault">
                  {rowFault}
                </p>
              )}
            </div>
            <div className="input-row-tools">
              {isOrdered ? (
                <>
                  <IconButton
                    size="small"
                    aria-label={`Move ${noun} ${index + 1} up`}
                    disabled={disabled || index === 0}
                    onClick={() => move(index, index - 1)}
                  >
                    <UpIcon fontSize="inherit" />
                  </IconButton>
                  <IconButton
                    size="small"
                    aria-label={`Move ${noun} ${index + 1} down`}
                    disabled={disabled || index === fields.length - 1}
                    onClick={() => move(index, index + 1)}
                  >
                    <DownIcon fontSize="inherit" />
                  </IconButton>
                </>
              ) : null}
              <IconButton
                size="small"
                aria-label={`Remove ${noun} ${index + 1}`}
                disabled={disabled}
                onClick={() => remove(index)}
              >
                <RemoveIcon fontSize="inherit" />
              </IconButton>
            </div>
          </fieldset>
        );
      })}
      {fault === undefined ? null : (
        <p role="alert" className="fault">
          {fault}
        </p>
      )}
      <Button startIcon={<AddIcon />} disabled={disabled} onClick={() => append(fresh())}>
        Add {/^[aeiou]/.test(noun) ? "an" : "a"} {noun}
      </Button>
    </div>
  );
}

/** The fault of a row as a whole, which belongs to none of its fields. */
function faultAt(errors: unknown, path: string): string | undefined {
  let at: unknown = errors;
  for (const part of path.split(".")) at = typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined;
  const message = typeof at === "object" && at !== null ? Reflect.get(at, "message") : undefined;
  return typeof message === "string" && message !== "" ? message : undefined;
}
