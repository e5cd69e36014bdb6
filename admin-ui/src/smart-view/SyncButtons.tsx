import Button from "@mui/material/Button";
import type { Machine } from "@mycloud/protocol/machine";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { useConsole, useMayAct } from "../providers/hooks.ts";

/** Has a machine back up now, or end what it is doing. */
export function SyncButtons({ machine }: { readonly machine: Machine }) {
  const provider = useConsole();
  const notify = useNotify();
  const queries = useQueryClient();
  const mayAct = useMayAct();
  const inUse = machine.repositories.filter(({ isAssigned }) => isAssigned);
  const { run } = machine;
  const ask = useMutation({
    mutationFn: async (verb: "run" | "cancel") => {
      if (verb === "cancel" && run !== null) await provider.cancelBackupRun(run.id);
      else for (const { id } of inUse) await provider.commandBackup(id, "run");
    },
    onSuccess: (_, verb) => {
      notify(verb === "run" ? `${machine.hostName} was asked to back up` : "It was asked to stop", { type: "info" });
      return queries.invalidateQueries({ queryKey: ["machines"] });
    },
    onError: (error) => notify(error.message, { type: "error" }),
  });
  if (!mayAct || inUse.length === 0) return null;
  if (run !== null) {
    return (
      <Button variant="outlined" disabled={ask.isPending} onClick={() => ask.mutate("cancel")}>
        Stop this backup
      </Button>
    );
  }
  return (
    <Button
      variant="contained"
      disabled={ask.isPending || !machine.isOnline}
      title={machine.isOnline ? undefined : "The machine is offline; it backs up when it is back"}
      onClick={() => ask.mutate("run")}
    >
      Back up now
    </Button>
  );
}
