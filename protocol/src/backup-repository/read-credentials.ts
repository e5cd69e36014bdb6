import { z } from "zod";

/** POST /api/v1/agent/backup-repositories/:id/read-credentials: for looking into a private repository of the agent's own host. */
export const ReadCredentials = z.object({
  /** The repository as restic writes it, without credentials. */
  location: z.string(),
  certificateAuthority: z.string().nullable(),
  /** May read, and nothing else. */
  token: z.string(),
  tokenExpiresAtMs: z.number().int(),
});
export type ReadCredentials = z.infer<typeof ReadCredentials>;
