import Button from "@mui/material/Button";
import { type StoredKind, storedKinds } from "@mycloud/protocol/definition";
import { fitInput } from "@mycloud/protocol/form-schema";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm, type RaRecord, useNotify } from "react-admin";
import { useConsole } from "../providers/hooks.ts";
import { outcomeText } from "./outcome-text.ts";

type Chosen = RaRecord & { readonly name: string };

/** Deletes what was chosen, and switches it on and off where that can be; each by itself, and what was refused is told. */
export function BulkDefinitionButtons({
  kind,
  chosen,
  onDone,
}: {
  kind: StoredKind;
  chosen: readonly Chosen[];
  onDone: () => void;
}) {
  const [isAsking, setAsking] = useState(false);
  const provider = useConsole();
  const queryClient = useQueryClient();
  const notify = useNotify();
  const { path, title, input } = storedKinds[kind];
  const canSwitch = "isEnabled" in input.shape;
  const verb = useMutation({
    async mutationFn({ what, work }: { what: string; work: (record: Chosen) => Promise<unknown> }) {
      const refused: string[] = [];
      for (const record of chosen) await work(record).catch((error: Error) => refused.push(error.message));
      return outcomeText(what, chosen.length, refused);
    },
    onSuccess: ({ text, isWhole }) => {
      notify(text, { type: isWhole ? "success" : "warning", autoHideDuration: isWhole ? 4_000 : 12_000 });
      queryClient.invalidateQueries({ queryKey: [path] }).catch(() => undefined);
      setAsking(false);
      onDone();
    },
  });
  const switchTo = (isEnabled: boolean) =>
    verb.mutate({
      what: isEnabled ? "Enabled" : "Disabled",
      work: (record) =>
        provider.update(path, {
          id: record.id,
          data: fitInput(input, { ...record, isEnabled }),
          previousData: record,
        }),
    });
  return (
    <>
      {canSwitch ? (
        <>
          <Button variant="outlined" disabled={verb.isPending} onClick={() => switchTo(true)}>
            Enable
          </Button>
          <Button variant="outlined" disabled={verb.isPending} onClick={() => switchTo(false)}>
            Disable
          </Button>
        </>
      ) : null}
      <Button variant="outlined" color="error" disabled={verb.isPending} onClick={() => setAsking(true)}>
        Delete
      </Button>
      <Confirm
        isOpen={isAsking}
        loading={verb.isPending}
        title={`Delete ${chosen.length} ${path.replaceAll("-", " ")}?`}
        content={`A ${title} that others name stays, and you are told which. The rest cannot be undone.`}
        confirm="Delete"
        confirmColor="warning"
        onConfirm={() => verb.mutate({ what: "Deleted", work: (record) => provider.delete(path, { id: record.id }) })}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
