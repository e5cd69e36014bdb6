import Button from "@mui/material/Button";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { useMutation } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { useConsole } from "../../providers/hooks.ts";
import type { BackupVerb } from "../../providers/types.ts";

interface BackupActionsProps {
  readonly repositories: readonly BackupRepository[];
  readonly onDone: () => void;
}

const verbs: readonly { readonly verb: BackupVerb; readonly text: string }[] = [
  { verb: "run", text: "Back up now" },
  { verb: "pause", text: "Pause" },
  { verb: "resume", text: "Resume" },
];

/** Asks the agents of what was chosen to back up now, to pause, or to go on. */
export function BackupActions({ repositories, onDone }: BackupActionsProps) {
  const provider = useConsole();
  const notify = useNotify();
  const inUse = repositories.filter(({ isAssigned }) => isAssigned);
  const ask = useMutation({
    mutationFn: async (verb: BackupVerb) => {
      const asked = await Promise.allSettled(inUse.map(({ id }) => provider.commandBackup(id, verb)));
      return asked.filter((one) => one.status === "rejected").map(({ reason }) => String(reason?.message ?? reason));
    },
    onSuccess: (refusals) => {
      const [first] = refusals;
      const done = `Agents asked: ${inUse.length - refusals.length}`;
      if (first === undefined) notify(done, { type: "success" });
      else notify(`${done}, refused: ${refusals.length} (${first})`, { type: "warning" });
      onDone();
    },
  });
  return (
    <>
      {verbs.map(({ verb, text }) => (
        <Button
          key={verb}
          variant={verb === "run" ? "contained" : "outlined"}
          disabled={ask.isPending || inUse.length === 0}
          onClick={() => ask.mutate(verb)}
        >
          {text}
        </Button>
      ))}
    </>
  );
}
