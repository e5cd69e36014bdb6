import type { AccessRule, ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import { InputError } from "../error/index.ts";

/** Throws InputError where settings name a TSIG key, or a zone a view, that is not there. */
export async function refuseMissingNames(
  executor: Executor,
  settings: ZoneSettings,
  view: string | null,
): Promise<void> {
  const keys = new Map<string, string>();
  const add = (field: string, key: string | null) => {
    if (key !== null && key !== "*") keys.set(key.toLowerCase().replace(/\.$/, ""), field);
  };
  const addRules = (field: string, rules: readonly AccessRule[] | null) => {
    for (const [index, { key }] of (rules ?? []).entries()) add(`${field}.${index}.key`, key);
  };
  addRules("allowQuery", settings.allowQuery);
  addRules("allowTransfer", settings.allowTransfer);
  addRules("allowNotify", settings.allowNotify);
  for (const [index, { key }] of settings.primaries.entries()) add(`primaries.${index}.key`, key);
  for (const [index, { key }] of settings.notify.entries()) add(`notify.${index}.key`, key);
  for (const [index, { key }] of settings.updatePolicy.entries()) add(`updatePolicy.${index}.key`, key);
  for (const [name, field] of keys) {
    if (!(await isThere(executor, "TsigKey", name))) throw refuse(field, name, `there is no TSIG key ${name}`);
  }
  if (view !== null && !(await isThere(executor, "DnsView", view)))
    throw refuse("view", view, `there is no view ${view}`);
}

async function isThere(executor: Executor, kind: "TsigKey" | "DnsView", name: string): Promise<boolean> {
  const row = await executor
    .selectFrom("definition")
    .select("id")
    .where("kind", "=", kind)
    .where("name", "=", name)
    .executeTakeFirst();
  return row !== undefined;
}

function refuse(field: string, value: string, message: string): InputError {
  return new InputError(`${field}: ${message}`, [{ field, value, message }]);
}
