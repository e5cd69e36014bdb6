// The thread of a planner (`planner.ts`): reads definitions and what is stored, plans, and hands the plan out in pieces.
import { parentPort, workerData } from "node:worker_threads";
import { resourceKinds } from "@mycloud/protocol/resource";
import { pino } from "pino";
import { z } from "zod";
import { connectDatabase } from "../database/connect-database.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { giveWay } from "../schedule/give-way.ts";
import { createLineReader } from "./line-reader.ts";
import { Edit } from "./plan-edit.ts";
import { type LargePlan, planLarge } from "./plan-large.ts";
import { planLeftovers } from "./plan-leftovers.ts";
import type { FromPlanner, ToPlanner } from "./planner.ts";
import { type ApplyStep, encodeStep } from "./step.ts";

giveWay();

const { location, prune, commands, edit } = z
  .object({
    location: z.string(),
    prune: z.array(z.enum(resourceKinds)),
    commands: z.array(z.string()),
    edit: Edit.nullable(),
  })
  .parse(workerData);
const known = new Set(commands);
const lines = createLineReader();
let plan: LargePlan | undefined;
let steps: readonly ApplyStep[] = [];

const stepsAtOnce = 10;
const changesAtOnce = 250;

async function answer(message: ToPlanner): Promise<FromPlanner> {
  switch (message.kind) {
    case "text":
      return { kind: "taken", resources: lines.take(message.bytes) };
    case "plan": {
      plan = undefined;
      plan = await connected((database) => planLarge(database, edit ?? { items: lines.items(), prune }, known));
      steps = plan.steps;
      const counts = { create: 0, update: 0, delete: 0, unchanged: 0 };
      for (const { action } of plan.planned) counts[action]++;
      const { servicesCreated, servicesRemoved, newestAuditId } = plan;
      return {
        kind: "planned",
        summary: { counts, servicesCreated, servicesRemoved, newestAuditId, steps: steps.length },
      };
    }
    case "leftovers": {
      const found = await connected(planLeftovers);
      steps = found.steps;
      return { kind: "leftovers", leftovers: { steps: steps.length, services: found.services } };
    }
    case "steps":
      return { kind: "steps", bodies: steps.slice(message.from, message.from + stepsAtOnce).map(encodeStep) };
    case "changes": {
      const changes = plan?.planned.slice(message.from, message.from + changesAtOnce) ?? [];
      const texts = changes.map(({ kind, name, action, fields }) => JSON.stringify({ kind, name, action, fields }));
      return { kind: "changes", lines: texts.join("\n"), count: changes.length };
    }
  }
}

/** Each time anew: between two plans nothing of the database is held. */
async function connected<T>(work: (database: ConnectedDatabase) => Promise<T>): Promise<T> {
  const database = await connectDatabase(location, pino({ level: "silent" }));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

parentPort?.on("message", (message: ToPlanner) => {
  answer(message).then(
    (answered) => parentPort?.postMessage(answered),
    (error: unknown) => {
      const isRefusal = error instanceof InputError || error instanceof ConflictError;
      if (!isRefusal) throw error;
      const refused: FromPlanner = {
        kind: "refused",
        code: error instanceof InputError ? "input" : "conflict",
        message: error.message,
        issues: error.issues ?? [],
      };
      parentPort?.postMessage(refused);
    },
  );
});
