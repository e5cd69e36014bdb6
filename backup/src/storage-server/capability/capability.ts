import { z } from "zod";
import { RepositoryPattern } from "../repository/repository-name.ts";

/** What a client may do: see `access.ts` for what each verb opens. */
export const Verb = z.enum(["read", "append", "delete", "maintain"]);
export type Verb = z.infer<typeof Verb>;
export const verbs = Verb.options;

/** The audience of every capability: a token that the same key signed for something else opens nothing here. */
export const capabilityAudience = "mycloud-storage";

/** The claims of a capability token (a JWT, EdDSA). Unknown claims are passed over. */
export const CapabilityClaims = z.object({
  /** A repository, `name/*` for all below a name, or `*` for all. */
  repository: RepositoryPattern,
  verbs: z.array(Verb).min(1),
  /** Bytes the repository may hold; 0 is unlimited. */
  quotaBytes: z.number().int().min(0).optional(),
  /** Unix time in seconds. */
  exp: z.number(),
  jti: z.string().min(1).max(200),
  /** For the log: who it was made for. */
  sub: z.string().max(200).optional(),
});
export type CapabilityClaims = z.infer<typeof CapabilityClaims>;

/** What an authenticated client was given: from a token, a password or `--no-auth`. */
export interface Grant {
  /** Names the client in logs and limits, never a secret: `token:JTI`, `user:NAME`, `anybody`. */
  readonly principal: string;
  readonly repository: string;
  readonly verbs: readonly Verb[];
  /** Null when it says nothing: then the server's default holds. */
  readonly quotaBytes: number | null;
}
