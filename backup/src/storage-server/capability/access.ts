import type { ObjectType } from "../repository/repository-layout.ts";
import { coversRepository } from "../repository/repository-name.ts";
import type { Target } from "../request/parse-target.ts";
import type { Grant, Verb } from "./capability.ts";

/** What of the repository's state the decision depends on. */
export interface AccessFacts {
  /** Whether the server wants damaged packs of this repository again. */
  readonly wantsPacks: boolean;
  /** Whether the object asked for is one of them. */
  readonly isWanted: boolean;
}

/** What a request needs: a verb; nobody's leave; or 405, the method means nothing here. */
export type Requirement = Verb | "method";

const verbOfRemoval = {
  // A client must always be able to take its own lock away, or nobody could delete anything any more.
  locks: "append",
  data: "delete",
  index: "delete",
  snapshots: "delete",
  keys: "maintain",
  config: "maintain",
  holds: "maintain",
} as const satisfies Record<ObjectType, Verb>;

/** The verb a request on repositories needs. Pure. */
export function requiredVerb(method: string, target: Target): Requirement {
  const isReading = method === "GET" || method === "HEAD";
  switch (target.kind) {
    case "repository":
      if (method === "POST" && target.isCreation) return "append";
      return method === "DELETE" ? "maintain" : "method";
    case "list":
    case "wanted":
    case "events":
    case "status":
      return isReading ? "read" : "method";
    case "scrub":
      return method === "POST" ? "maintain" : "method";
    case "object":
      if (isReading) return "read";
      if (method === "POST") return "append";
      return method === "DELETE" ? verbOfRemoval[target.object.type] : "method";
    default:
      return "method";
  }
}

/**
 * Why a grant does not open this, or null when it does. `maintain` includes `delete`. While packs are wanted, a client that may append may
 * also delete exactly those packs, and indexes: that is how it replaces them (everything goes to the trash). Pure.
 */
export function refusalOfAccess(verb: Verb, target: Target, grant: Grant, facts: AccessFacts): string | null {
  const repository = "repository" in target ? target.repository : "*";
  if (!coversRepository(grant.repository, repository))
    return `this credential is for ${grant.repository}, not for ${repository}`;
  if (grant.verbs.includes(verb) || (verb === "delete" && grant.verbs.includes("maintain"))) return null;
  if (verb === "delete" && grant.verbs.includes("append") && isHealing(target, facts)) return null;
  const has = grant.verbs.join(", ");
  if (verb === "delete" && grant.verbs.includes("append"))
    return `the repository is append-only for this credential: deleting needs the verb delete, it has ${has}`;
  return `this needs the verb ${verb}; the credential has ${has}`;
}

function isHealing(target: Target, { wantsPacks, isWanted }: AccessFacts): boolean {
  if (target.kind !== "object") return false;
  if (target.object.type === "index") return wantsPacks;
  return target.object.type === "data" && isWanted;
}
