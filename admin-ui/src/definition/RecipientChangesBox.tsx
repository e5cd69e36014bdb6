import Button from "@mui/material/Button";
import { ContactInput } from "@mycloud/protocol/contact";
import { faultsOf, fitInput } from "@mycloud/protocol/form-schema";
import { NotificationRuleInput, type RecipientChange } from "@mycloud/protocol/notification";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import { useMutation } from "@tanstack/react-query";
import { useRecordContext } from "react-admin";
import { useFormContext } from "react-hook-form";
import { useConsole, useMayAccess } from "../providers/hooks.ts";
import { ruleInput } from "../resources/notification-rules/rule-input.ts";
import { proposedDefinition } from "./proposed-definition.ts";

const schemas = { TimePeriod: TimePeriodInput, Contact: ContactInput, NotificationRule: NotificationRuleInput };

/** Before saving: of which hosts and services somebody else would be told, were they to go bad now. */
export function RecipientChangesBox({ kind }: { kind: keyof typeof schemas }) {
  const provider = useConsole();
  const record = useRecordContext();
  const { getValues } = useFormContext();
  const mayLook = useMayAccess("edit", "notification-rules");
  const look = useMutation({
    async mutationFn() {
      const values = getValues();
      const input = fitInput(schemas[kind], kind === "NotificationRule" ? ruleInput(values) : values);
      if (Object.keys(faultsOf(schemas[kind], input)).length > 0) {
        throw new Error("What is written is not complete yet.");
      }
      const ids = Array.isArray(input.contactIds) ? input.contactIds : [];
      const contacts = ids.length === 0 ? { data: [] } : await provider.getMany("contacts", { ids });
      const names = new Map(contacts.data.map(({ id, name }) => [Number(id), String(name)]));
      const presentName = typeof record?.name === "string" ? record.name : null;
      return await provider.recipientChanges([proposedDefinition(kind, input, presentName, names)]);
    },
  });
  if (!mayLook) return null;
  return (
    <fieldset>
      <legend>Who would be told differently</legend>
      <div className="row">
        <Button variant="outlined" disabled={look.isPending} onClick={() => look.mutate()}>
          {look.isPending ? "Looking…" : "Look before saving"}
        </Button>
        <span className="hint">
          Compares who is told of every host and service with what is written here. Nothing is stored.
        </span>
      </div>
      <div aria-live="polite">
        {look.error ? (
          <p className="fault" role="alert">
            {look.error.message}
          </p>
        ) : null}
        {look.data ? <RecipientChanges changes={look.data} /> : null}
      </div>
    </fieldset>
  );
}

function RecipientChanges({ changes }: { changes: readonly RecipientChange[] }) {
  if (changes.length === 0) return <p>Nobody: the same people are told of everything.</p>;
  return (
    <ul className="told">
      {changes.map(({ state, before, after, objects, objectCount }) => (
        <li key={`${state} ${before.join()} ${after.join()} ${objects[0]}`}>
          <b>{objectCount === 1 ? objects[0] : `${objectCount} hosts and services`}</b> when {state}:{" "}
          <span className="quiet">{before.join(", ") || "nobody"}</span> → <b>{after.join(", ") || "nobody"}</b>
          {objectCount > 1 ? <span className="quiet"> ({objects.slice(0, 5).join(", ")}…)</span> : null}
        </li>
      ))}
    </ul>
  );
}
