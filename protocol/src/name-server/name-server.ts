import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { NameServerStatus } from "./name-server-status.ts";

/** POST /api/v1/name-server/status?name=: which of the name servers that share a token this is; default: the token's name. */
export const NameServerStatusQuery = z.object({ name: z.string().min(1).max(128).optional() });

/** GET /api/v1/name-server/stream?settings=: which NameServerSettings count for it. */
export const NameServerStreamQuery = z.object({ settings: z.string().min(1).max(128).default("default") });

/** A name server as it was heard of last: GET /api/v1/dns/name-servers. */
export const NameServer = z.object({
  id: z.number().int(),
  name: z.string(),
  seenAtMs: z.number().int(),
  /** It says something every 15 s. */
  isSilent: z.boolean(),
  status: NameServerStatus,
});
export type NameServer = z.infer<typeof NameServer>;

export const NameServerFilter = z.strictObject({ ...baseFilter, name: z.string().optional() });
export type NameServerFilter = z.infer<typeof NameServerFilter>;
