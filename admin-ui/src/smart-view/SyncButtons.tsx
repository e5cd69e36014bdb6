import Button from "@mui/material/Button";
import type { Machine } from "@mycloud/protocol/machine";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { useConsole, useMayAct } from "../providers/hooks.ts";

const asked = {
  run: (hostName: string) => `${hostName} was asked to back up`,
  cancel: () => "It was asked to stop",
  resume: (hostName: string) => `${hostName} was asked to go on`,
} as const;

/** Has a machine back up now, end what it is doing, or go on with what somebody paused. */
export function SyncButtons({ machine }: { readonly machine: Machine }) {
  const provider = useConsole();
  const notify = useNotify();
  const queries = useQueryClient();
  const mayAct = useMayAct();
  const inUse = machine.repositories.filter(({ isAssigned }) => isAssigned);
  const { run } = machine;
  const paused = inUse.filter(({ isPaused }) => isPaused);
  const ask = useMutation({
    mutationFn: async (verb: "run" | "cancel" | "resume") => {
      if (verb === "cancel" && run !== null) await provider.cancelBackupRun(run.id);
      else if (verb === "resume") for (const { id } of paused) await provider.commandBackup(id, "resume");
      else for (const { id, isPaused } of inUse) if (!isPaused) await provider.commandBackup(id, "run");
    },
    onSuccess: (_, verb) => {
      notify(asked[verb](machine.hostName), { type: "info" });
      return queries.invalidateQueries({ queryKey: ["machines"] });
    },
    onError: (error) => notify(error.message, { type: "error" }),
  });
  if (!mayAct || inUse.length === 0) return null;
  const resume =
    paused.length === 0 ? null : (
      <Button
        variant={paused.length === inUse.length ? "contained" : "outlined"}
        disabled={ask.isPending || !machine.isOnline}
        title={machine.isOnline ? undefined : "The machine is offline"}
        onClick={() => ask.mutate("resume")}
      >
        Resume backups
      </Button>
    );
  // A run that is paused waits until it is resumed.
  if (paused.length === inUse.length) return resume;
  if (run !== null) {
    return (
      <>
        {resume}
        <Button variant="outlined" disabled={ask.isPending} onClick={() => ask.mutate("cancel")}>
          Stop this backup
        </Button>
      </>
    );
  }
  return (
    <>
      {resume}
      <Button
        variant="contained"
        disabled={ask.isPending || !machine.isOnline}
        title={machine.isOnline ? undefined : "The machine is offline; it backs up when it is back"}
        onClick={() => ask.mutate("run")}
      >
        Back up now
      </Button>
    </>
  );
}
