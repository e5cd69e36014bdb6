import type { TemplateInput } from "@mycloud/protocol/definition";
import type { AuditLog } from "../audit/index.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { refuseCircles } from "../definition/refuse-circles.ts";
import type { Actor } from "../http/actor.ts";
import { everything } from "../scope/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { carryOut } from "./carry-out.ts";
import { planApply } from "./plan-apply.ts";
import { recordChange } from "./record-change.ts";
import { refuseFaults } from "./refuse-faults.ts";
import { findStoredDefinitions } from "./stored-definitions.ts";
import { saveTemplateUses } from "./template-use-store.ts";

interface ReexpandDependencies {
  readonly dialect: Dialect;
  readonly sealer: Sealer;
  readonly audit: AuditLog;
  readonly now: () => number;
}

/**
 * Gives everything that uses a stored template the fields it has once that template is `template`; call before it is written, in the same
 * transaction. Throws InputError when a user would not be valid any more.
 */
export async function reexpandUsers(
  tx: Executor,
  actor: Actor,
  { name, ...spec }: TemplateInput,
  { dialect, sealer, audit, now }: ReexpandDependencies,
): Promise<void> {
  const stored = await findStoredDefinitions(tx, dialect, everything);
  const { planned, issues } = planApply([{ kind: "Template", name, spec }], [], stored, null);
  refuseFaults(issues);
  const users = planned.filter(({ kind }) => kind !== "Template");
  if (users.length === 0) return;
  await carryOut(tx, dialect, users, stored, sealer, now());
  await saveTemplateUses(tx, users);
  await refuseCircles(tx, new Set(users.map(({ kind }) => kind)));
  for (const change of users) await recordChange(tx, audit, actor, change);
}
