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

interface Verb {
  readonly verb: BackupVerb;
  readonly text: string;
  /** Whether it makes sense for a backup as it is. */
  readonly fits: (repository: BackupRepository) => boolean;
}

const verbs: readonly Verb[] = [
  { verb: "run", text: "Back up now", fits: ({ isPaused }) => !isPaused },
  { verb: "pause", text: "Pause", fits: ({ isPaused }) => !isPaused },
  { verb: "resume", text: "Resume", fits: ({ isPaused }) => isPaused },
];

/** Asks the agents of what was chosen to back up now, to pause, or to go on. */
export function BackupActions({ repositories, onDone }: BackupActionsProps) {
  const provider = useConsole();
  const notify = useNotify();
  const inUse = repositories.filter(({ isAssigned }) => isAssigned);
  const ask = useMutation({
    mutationFn: async ({ verb, fits }: Verb) => {
      const fitting = inUse.filter(fits);
      const asked = await Promise.allSettled(fitting.map(({ id }) => provider.commandBackup(id, verb)));
      const refused = asked.filter((one) => one.status === "rejected");
      return { count: fitting.length, refusals: refused.map(({ reason }) => String(reason?.message ?? reason)) };
    },
    onSuccess: ({ count, refusals }) => {
      const [first] = refusals;
      const done = `Agents asked: ${count - refusals.length}`;
      if (first === undefined) notify(done, { type: "success" });
      else notify(`${done}, refused: ${refusals.length} (${first})`, { type: "warning" });
      onDone();
    },
  });
  // What is paused is resumed, and what is not is paused; of several, some may be the one and some the other.
  const offered = verbs.filter(({ fits }) => inUse.some(fits));
  return (
    <>
      {(offered.length === 0 ? verbs.slice(0, 1) : offered).map((one) => (
        <Button
          key={one.verb}
          variant={one.verb === "run" ? "contained" : "outlined"}
          disabled={ask.isPending || inUse.length === 0}
          onClick={() => ask.mutate(one)}
        >
          {one.text}
        </Button>
      ))}
    </>
  );
}
