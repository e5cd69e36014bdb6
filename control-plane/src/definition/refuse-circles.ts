import { ContactGroupInput } from "@mycloud/protocol/group";
import { Labels } from "@mycloud/protocol/name";
import type { ResourceKind } from "@mycloud/protocol/resource";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import { findDependencyCircle } from "../dependency/find-dependency-circle.ts";
import { findDependencies, findTimePeriods } from "../dependency/store.ts";
import { InputError } from "../error/index.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { circleInWords, findCircle } from "../reachability/find-circle.ts";
import { findHostsWithParents } from "../reachability/store.ts";

const Groups = z.array(z.string());
const Uses = z.object({ uses: z.array(z.string()).default([]) });

/**
 * Throws InputError when definitions of these kinds lead back to themselves: a host reached through itself, a period that excludes itself, a group
 * inside itself, a master that depends on what depends on it. Call in the transaction that wrote them, after the writing.
 */
export async function refuseCircles(tx: Executor, kinds: ReadonlySet<ResourceKind>): Promise<void> {
  if (kinds.has("Host")) {
    const hosts = await findHostsWithParents(tx);
    refuseCircle("parents", findCircle(new Map(hosts.map(({ name, parents }) => [name, parents]))));
  }
  if (kinds.has("TimePeriod")) {
    const periods = await findTimePeriods(tx);
    refuseCircle("exclude", findCircle(new Map(periods.map(({ name, exclude }) => [name, exclude]))));
  }
  if (kinds.has("ContactGroup")) {
    const groups = await findSpecs(tx, "ContactGroup", ContactGroupInput.pick({ groups: true }));
    refuseCircle("groups", findCircle(new Map(groups.map(({ name, spec }) => [name, spec.groups]))));
  }
  if (kinds.has("Template")) {
    const templates = await findSpecs(tx, "Template", Uses);
    refuseCircle("uses", findCircle(new Map(templates.map(({ name, spec }) => [name, spec.uses]))));
  }
  if (kinds.has("Dependency")) {
    const dependencies = await findDependencies(tx);
    const hosts = dependencies.length === 0 ? [] : await findSelectableHosts(tx);
    refuseCircle("masters", findDependencyCircle(dependencies, hosts));
  }
}

/** Throws InputError for a circle that was found in a field. */
export function refuseCircle(field: string, circle: readonly string[] | null): void {
  if (circle === null) return;
  const value = circleInWords(circle);
  const message = "leads back to itself";
  throw new InputError(`${field}: ${value} ${message}`, [{ field, value, message }]);
}

async function findSpecs<Spec>(tx: Executor, kind: string, schema: { parse(value: unknown): Spec }) {
  const rows = await tx.selectFrom("definition").select(["name", "spec_json"]).where("kind", "=", kind).execute();
  return rows.map(({ name, spec_json: json }) => ({ name, spec: schema.parse(JSON.parse(json)) }));
}

async function findSelectableHosts(tx: Executor) {
  const rows = await tx.selectFrom("host").select(["name", "labels_json", "facts_json", "groups_json"]).execute();
  return rows.map((row) => ({
    name: row.name,
    groups: Groups.parse(JSON.parse(row.groups_json)),
    labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
  }));
}
