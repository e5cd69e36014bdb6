import { TemplateUseAnswer, TemplateUseInput } from "@mycloud/protocol/resource";
import type { Executor } from "../database/dialect/dialect.ts";
import { refuseCircles } from "../definition/refuse-circles.ts";
import { NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forStaffOperators, type Route, route } from "../http/route.ts";
import { everything } from "../scope/index.ts";
import { carryOut } from "./carry-out.ts";
import { comparableSpec } from "./definition.ts";
import { fieldsAlone, fieldsSet } from "./expand-templates.ts";
import { findTemplatesOf } from "./find-templates-of.ts";
import { planApply } from "./plan-apply.ts";
import { recordChange } from "./record-change.ts";
import { refuseFaults } from "./refuse-faults.ts";
import type { ResourceRoutesDependencies } from "./routes.ts";
import { findStoredDefinitions, type StoredDefinitions } from "./stored-definitions.ts";
import { saveTemplateUses } from "./template-use-store.ts";

type Dependencies = Pick<ResourceRoutesDependencies, "database" | "audit" | "changes" | "sealer" | "now">;

/** Choosing templates for one host, check or passive service, as a definition file does under `uses:`. */
export function createTemplateUseRoutes({ database, audit, changes, sealer, now }: Dependencies): Route[] {
  const { dialect } = database;

  async function choose(tx: Executor, actor: Actor, input: TemplateUseInput): Promise<TemplateUseAnswer["data"]> {
    const stored = await findStoredDefinitions(tx, dialect, everything);
    const { planned, issues } = planApply([asChosen(stored, input)], [], stored, null);
    refuseFaults(issues);
    await carryOut(tx, dialect, planned, stored, sealer, now());
    await saveTemplateUses(tx, planned);
    await refuseCircles(tx, new Set(planned.map(({ kind }) => kind)));
    for (const change of planned) await recordChange(tx, audit, actor, change);
    return await findTemplatesOf(tx, input);
  }

  return [
    route({
      method: "put",
      path: "/api/v1/template-uses",
      summary: "Say which templates a host, a check or a passive service takes fields over from",
      access: forStaffOperators,
      body: TemplateUseInput,
      answer: TemplateUseAnswer,
      async handle({ actor, body }) {
        const data = await database.transaction((tx) => choose(tx, actor, body));
        changes.publish("definitions", null);
        return { data };
      },
    }),
  ];
}

/**
 * The object with these templates as a file would have it. What somebody set on it stays its own; what it had from a template it does not use any more goes.
 * Throws NotFoundError. Pure.
 */
function asChosen(stored: StoredDefinitions, { kind, id, uses }: TemplateUseInput): unknown {
  const [key] = [...stored.ids].find(([name, one]) => one === id && name.startsWith(`${kind} `)) ?? [];
  const found = stored.definitions.find(
    (one) => one.kind === kind && `${kind} ${one.kind === "Service" ? `${one.host}/` : ""}${one.name}` === key,
  );
  if (key === undefined || found === undefined) throw new NotFoundError(`there is no ${kind} with the id ${id}`);
  const { spec: _, ...rest } = found;
  const own = stored.uses.get(key)?.own ?? fieldsSet(kind, comparableSpec(found));
  return uses.length === 0 ? { ...rest, spec: fieldsAlone(kind, own) } : { ...rest, uses, spec: own };
}
