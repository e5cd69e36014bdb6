import type { ApplyRequest } from "@mycloud/protocol/resource";
import type { Executor } from "../database/dialect/dialect.ts";

/**
 * From so many definitions on it is cut up; from so many services on when it reaches them, and from so many when it does not, as what is stored has to be read
 * all the same.
 */
const largeFrom = { resources: 500, reachedServices: 5_000, services: 20_000 } as const;

const reaching = new Set<unknown>(["Host", "Check", "Service", "Template"]);

/** Whether an apply could take longer than results should wait for one transaction. */
export async function isLarge(
  executor: Executor,
  { resources, prune }: Pick<ApplyRequest, "resources" | "prune">,
): Promise<boolean> {
  if (resources.length > largeFrom.resources) return true;
  const reaches = prune.some((kind) => reaching.has(kind)) || resources.some((item) => reaching.has(kindOf(item)));
  const services = reaches ? largeFrom.reachedServices : largeFrom.services;
  const beyond = executor.selectFrom("service").select("id").offset(services).limit(1);
  return (await beyond.executeTakeFirst()) !== undefined;
}

function kindOf(item: unknown): unknown {
  return typeof item === "object" && item !== null ? Reflect.get(item, "kind") : undefined;
}
