import type { TemplateUseAnswer, TemplateUseQuery } from "@mycloud/protocol/resource";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";

const Uses = z.array(z.string());
const columns = { Host: "host_id", Check: "check_id", Service: "service_id" } as const;

/** The templates that one host, check or passive service names, in its order; empty where it names none, or does not exist. */
export async function findTemplatesOf(
  executor: Executor,
  { kind, id }: TemplateUseQuery,
): Promise<TemplateUseAnswer["data"]> {
  const row = await executor
    .selectFrom("template_use")
    .select("uses_json")
    .where(columns[kind], "=", id)
    .executeTakeFirst();
  if (row === undefined) return [];
  const names = Uses.parse(JSON.parse(row.uses_json));
  const found = await executor
    .selectFrom("definition")
    .select(["id", "name"])
    .where("kind", "=", "Template")
    .where("name", "in", names)
    .execute();
  return names.flatMap((name) => found.filter((template) => template.name === name));
}
