import { listFaults } from "@mycloud/protocol/form-schema";
import { useFormState } from "react-hook-form";
import { faultText } from "./fault-text.ts";

const shownFaults = 6;

/** Faults of the whole form, which belong to no single field; and after a try to save, which fields need a look, for those out of sight. */
export function FormFault() {
  const { errors, isSubmitted } = useFormState();
  const { root, ...fields } = errors;
  const fault = root?.serverError;
  const text = typeof fault === "string" ? fault : fault?.message;
  const faults = isSubmitted
    ? Object.entries(fields).flatMap(([name, error]) =>
        listFaults(error, name).map(({ path, message }) => ({ path, message: faultText({ message }) ?? message })),
      )
    : [];
  if (!text && faults.length === 0) return null;
  return (
    <div role="alert" className="fault">
      {text ? <p>{text}</p> : null}
      {faults.length > 0 ? (
        <p>
          Not saved:{" "}
          {faults
            .slice(0, shownFaults)
            .map(({ path, message }) => `${fieldWords(path)} ${message}`)
            .join("; ")}
          {faults.length > shownFaults ? ` and ${faults.length - shownFaults} more` : ""}.
        </p>
      ) : null}
    </div>
  );
}

/** `exceptions.0.days` as people count: `exceptions 1 days`. */
function fieldWords(path: string): string {
  return path
    .split(".")
    .map((part) =>
      /^\d+$/.test(part) ? String(Number(part) + 1) : part.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    )
    .join(" ");
}
