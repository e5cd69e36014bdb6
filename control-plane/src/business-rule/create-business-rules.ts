import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { AcceptCheckResults } from "../check-result/index.ts";
import { type ComputedPace, computedResult, createComputedAdmission, nextPace } from "../computed-check/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Leases } from "../database/lease.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { type CompiledRule, compileRules } from "./compile-rules.ts";
import { computeRule } from "./compute-rule.ts";
import { readLeafStates } from "./read-leaf-states.ts";

export interface BusinessRulesDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly changes: ChangeBus;
  readonly leases: Leases;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface BusinessRules {
  readonly part: Part;
  /** Ids of what a rule's service looks at, when it is one; for finding the roots of its problem. */
  findLeaves(serviceId: number): RuleLeaves;
  /** Computes what has news or is due, and stores the results; for the part's own clock and for tests. */
  computeDue(): Promise<void>;
}

export interface RuleLeaves {
  readonly hostIds: readonly number[];
  readonly serviceIds: readonly number[];
}

/** How soon a rule follows its leaves. */
const intervalMs = 500;
const resultsPerBatch = 1_000;
const noLeaves: RuleLeaves = { hostIds: [], serviceIds: [] };

/** Rules with an index from what they look at to those that look at it. */
interface RuleIndex {
  readonly rules: ReadonlyMap<number, CompiledRule>;
  readonly leaves: ReadonlyMap<number, RuleLeaves>;
  readonly byHost: ReadonlyMap<number, readonly number[]>;
  readonly byService: ReadonlyMap<number, readonly number[]>;
}

/** Wires the computing of business rules: one control plane at a time does it, each hears of what is to be computed. */
export function createBusinessRules(dependencies: BusinessRulesDependencies): BusinessRules {
  const { database, definitions, acceptCheckResults, changes, leases, logger, now } = dependencies;
  const paces = new Map<number, ComputedPace>();
  const admission = createComputedAdmission({ database, definitions, now });
  let index: RuleIndex | undefined;
  let isForgotten = true;
  // Null: whatever has news, all rules are computed.
  let news: Set<number> | null = null;
  let running: ReturnType<typeof runEvery> | undefined;

  function note(lookers: ReadonlyMap<number, readonly number[]> | undefined, ids: readonly number[] | null): void {
    if (ids === null || lookers === undefined) news = null;
    else for (const id of ids) for (const rule of lookers.get(id) ?? []) news?.add(rule);
  }

  const unsubscribe = changes.subscribe((type, ids) => {
    if (type === "definitions") isForgotten = true;
    else if (type === "services") note(index?.byService, ids);
    else if (type === "hosts") note(index?.byHost, ids);
  });

  async function read(): Promise<RuleIndex> {
    if (index !== undefined && !isForgotten) return index;
    isForgotten = false;
    try {
      index = indexOf(await compileRules(database.db, definitions));
    } catch (error) {
      isForgotten = true;
      throw error;
    }
    news = null;
    admission.clear();
    for (const serviceId of paces.keys()) if (!index.rules.has(serviceId)) paces.delete(serviceId);
    return index;
  }

  async function computeDue(): Promise<void> {
    const { rules } = await read();
    const withNews = news;
    news = new Set();
    const isDue = (serviceId: number) => {
      const putOffUntilMs = admission.putOffUntilMs(serviceId);
      if (putOffUntilMs !== undefined) return now() >= putOffUntilMs;
      return withNews === null || withNews.has(serviceId) || now() >= (paces.get(serviceId)?.dueAtMs ?? 0);
    };
    const due = await admission.admit([...rules.values()].filter(({ serviceId }) => isDue(serviceId)));
    if (due.length === 0) return;
    const stateOf = await readLeafStates(
      database,
      due.flatMap((rule) => [...rule.elements.values()].flat()),
    );
    const submitted: { readonly rule: CompiledRule; readonly pace: ComputedPace }[] = [];
    for (const rule of due) {
      const pace = nextPace(rule, paces.get(rule.serviceId), computeRule(rule, stateOf), now());
      if (pace !== null) submitted.push({ rule, pace });
    }
    for (let at = 0; at < submitted.length; at += resultsPerBatch) {
      const part = submitted.slice(at, at + resultsPerBatch);
      const results = part.map(({ rule, pace }) => computedResult(rule, pace, now()));
      await acceptCheckResults({ sender: "business-rule", batchId: null, describe: () => "null", results });
      for (const { rule, pace } of part) paces.set(rule.serviceId, pace);
    }
  }

  return {
    computeDue,
    findLeaves: (serviceId) => index?.leaves.get(serviceId) ?? noLeaves,
    part: {
      name: "business-rule",
      async start() {
        const job = async () => {
          const isMine = await leases.runLeased("business-rule", 15_000, computeDue);
          if (isMine) return;
          // Who computes them next begins with all; what they look at is asked here as well.
          news = null;
          await read();
        };
        running = runEvery({ name: "business-rule", intervalMs, job, logger });
      },
      async stop() {
        unsubscribe();
        await running?.stop();
      },
    },
  };
}

function indexOf(compiled: readonly CompiledRule[]): RuleIndex {
  const byHost = new Map<number, number[]>();
  const byService = new Map<number, number[]>();
  const leaves = new Map<number, RuleLeaves>();
  for (const { serviceId, elements } of compiled) {
    const all = [...elements.values()].flat();
    const hostIds = [...new Set(all.flatMap((one) => (one.serviceId === null ? one.hostId : [])))];
    const serviceIds = [...new Set(all.flatMap((one) => one.serviceId ?? []))];
    leaves.set(serviceId, { hostIds, serviceIds });
    for (const id of hostIds) byHost.set(id, [...(byHost.get(id) ?? []), serviceId]);
    for (const id of serviceIds) byService.set(id, [...(byService.get(id) ?? []), serviceId]);
  }
  return { rules: new Map(compiled.map((rule) => [rule.serviceId, rule])), leaves, byHost, byService };
}
