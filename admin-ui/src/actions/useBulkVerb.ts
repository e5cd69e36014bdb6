import type { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNotify } from "react-admin";

/** What an action may have changed. */
const touched = [
  "services",
  "hosts",
  "problems",
  "overview",
  "explanation",
  "downtimes",
  "comments",
  "acknowledgements",
];

/** Says in one line how a bulk verb went. */
export function bulkText(what: string, answer: BulkAnswer): string {
  const [firstRefusal] = answer.refused;
  const done = `${what}: ${answer.done.length}`;
  if (!firstRefusal) return done;
  return `${done}, refused: ${answer.refused.length} (${firstRefusal.message})`;
}

/** Runs a verb on what was chosen, tells how it went, and asks again for what it changed. */
export function useBulkVerb<Input>(
  what: string,
  verb: (input: Input) => Promise<BulkAnswer | undefined>,
  onDone: () => void,
) {
  const notify = useNotify();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: verb,
    onSuccess: (answer) => {
      notify(answer ? bulkText(what, answer) : what, {
        type: answer && answer.refused.length > 0 ? "warning" : "success",
      });
      for (const resource of touched) queryClient.invalidateQueries({ queryKey: [resource] }).catch(() => undefined);
      onDone();
    },
    onError: (error) => notify(error instanceof Error ? error.message : "That failed", { type: "error" }),
  });
}
