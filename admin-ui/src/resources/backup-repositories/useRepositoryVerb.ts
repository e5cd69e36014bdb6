import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { useConsole } from "../../providers/hooks.ts";
import type { RepositoryVerb } from "../../providers/types.ts";

/** Asks the control plane for something about a repository, says that it did, and shows how all that it touches is now. */
export function useRepositoryVerb({ id }: Pick<BackupRepository, "id">, verb: RepositoryVerb, done: string) {
  const provider = useConsole();
  const notify = useNotify();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => provider.askRepository(id, verb),
    onSuccess: async () => {
      notify(done, { type: "success" });
      const touched = ["backup-repositories", "backup-maintenance-runs", "machines", "snapshots"];
      await Promise.all(touched.map((resource) => queries.invalidateQueries({ queryKey: [resource] })));
    },
    onError: (error) => notify(error.message, { type: "error" }),
  });
}
