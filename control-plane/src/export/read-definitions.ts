import { storedKinds } from "@mycloud/protocol/definition";
import { ResourceDefinition, type ResourceKind, type TemplatedDefinition } from "@mycloud/protocol/resource";
import { findChecksPage } from "../check/store.ts";
import { findAllContacts } from "../contact/store.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { findDefinitionsPage } from "../definition/store.ts";
import { findHostInputsPage } from "../host/store.ts";
import { chunksOf } from "../monitored/index.ts";
import { findAllRules } from "../notification/rule-store.ts";
import {
  checkDefinition,
  contactDefinition,
  hostDefinition,
  ruleDefinition,
  serviceDefinition,
} from "../resource/definition-of.ts";
import { findZoneDefinitions } from "../resource/find-zone-definitions.ts";
import { type Templates, templatedDefinition, templatesAmong, useAsEdited } from "../resource/template-use.ts";
import { findTemplateUsesOf } from "../resource/template-use-store.ts";
import type { Scope } from "../scope/index.ts";
import { findPassiveServicesPage } from "../service/find-passive-services.ts";

/** A definition with all its fields, and how files have it when it takes some of them from templates. */
export interface ReadDefinition {
  readonly definition: ResourceDefinition;
  readonly written: TemplatedDefinition | null;
}

/** Where definitions are read, and which. */
export interface Reading {
  readonly executor: Executor;
  readonly dialect: Dialect;
  readonly scope: Scope;
  readonly isWanted: (kind: ResourceKind) => boolean;
}

type Page = readonly ReadDefinition[];

/** Some milliseconds of reading and parsing. */
const pageSize = 200;
/** Services are read of so many hosts at a time: a page of them goes through no more than these have. */
const hostsAtOnce = 20;

/** Reads the definitions in scope page by page: hosts, checks, passive services, contacts, rules, then the stored kinds, each kind by name, and zones. */
export async function* readDefinitions(reading: Reading): AsyncGenerator<Page, undefined> {
  const { isWanted } = reading;
  const templates = await readTemplates(reading);
  if (isWanted("Host")) yield* readHosts(reading, templates);
  if (isWanted("Check")) yield* readChecks(reading, templates);
  if (isWanted("Service")) yield* readServices(reading, templates);
  const { executor, dialect, scope } = reading;
  if (isWanted("Contact")) yield* cut((await findAllContacts(executor, scope)).map(contactDefinition));
  if (isWanted("NotificationRule")) yield* cut((await findAllRules(executor, dialect, scope)).map(ruleDefinition));
  yield* readStoredKinds(reading);
  if (isWanted("Zone") && scope.kind === "all") yield* readZones(executor);
}

/** One by one: a zone may have two thousand RRsets. */
async function* readZones(executor: Executor): AsyncGenerator<Page, undefined> {
  for await (const { definition } of findZoneDefinitions(executor, "all")) yield [{ definition, written: null }];
}

/** What belongs to all customers' hosts is nobody's in particular: whoever is bound to one has no templates either. */
async function readTemplates({ executor, scope }: Reading): Promise<Templates> {
  const templates: ResourceDefinition[] = [];
  if (scope.kind !== "all") return new Map();
  for await (const page of pagesOf((after) => findDefinitionsPage(executor, "Template", { after, limit: pageSize }))) {
    for (const row of page) templates.push(ResourceDefinition.parse({ kind: "Template", ...row }));
  }
  return templatesAmong(templates);
}

async function* readHosts(reading: Reading, templates: Templates): AsyncGenerator<Page, undefined> {
  const { executor, scope } = reading;
  for await (const page of pagesOf((after) => findHostInputsPage(executor, scope, { after, limit: pageSize }))) {
    const definitions = page.map((host) => ({ id: host.id, definition: hostDefinition(host) }));
    yield await asWritten(reading, templates, "Host", definitions);
  }
}

async function* readChecks(reading: Reading, templates: Templates): AsyncGenerator<Page, undefined> {
  const { executor } = reading;
  for await (const page of pagesOf((after) => findChecksPage(executor, { after, limit: pageSize }))) {
    const definitions = page.map((check) => ({ id: check.id, definition: checkDefinition(check) }));
    yield await asWritten(reading, templates, "Check", definitions);
  }
}

async function* readServices(reading: Reading, templates: Templates): AsyncGenerator<Page, undefined> {
  const { executor, dialect, scope } = reading;
  const hosts = pagesOf((after) => findHostInputsPage(executor, scope, { after, limit: pageSize }));
  for await (const page of hosts) {
    for (const some of chunksOf(page, hostsAtOnce)) {
      const ids = some.map(({ id }) => id);
      let after: { readonly hostName: string; readonly name: string } | null = null;
      for (;;) {
        const services = await findPassiveServicesPage(executor, dialect, ids, { after, limit: pageSize });
        const definitions = services.map((one) => ({ id: one.id, definition: serviceDefinition(one) }));
        if (services.length > 0) yield await asWritten(reading, templates, "Service", definitions);
        const last = services.at(-1);
        if (last === undefined || services.length < pageSize) break;
        after = last;
      }
    }
  }
}

async function* readStoredKinds({ executor, scope, isWanted }: Reading): AsyncGenerator<Page, undefined> {
  if (scope.kind !== "all") return;
  const kinds = Object.keys(storedKinds).sort();
  for (const kind of storedKindsAmong(kinds)) {
    if (!isWanted(kind)) continue;
    for await (const page of pagesOf((after) => findDefinitionsPage(executor, kind, { after, limit: pageSize }))) {
      yield page.map((row) => ({ definition: ResourceDefinition.parse({ kind, ...row }), written: null }));
    }
  }
}

function storedKindsAmong(names: readonly string[]): (keyof typeof storedKinds)[] {
  return names.filter((name): name is keyof typeof storedKinds => Object.hasOwn(storedKinds, name));
}

async function asWritten(
  { executor, dialect }: Reading,
  templates: Templates,
  kind: "Host" | "Check" | "Service",
  read: readonly { readonly id: number; readonly definition: ResourceDefinition }[],
): Promise<Page> {
  const uses = await findTemplateUsesOf(
    executor,
    dialect,
    kind,
    read.map(({ id }) => id),
  );
  return read.map(({ id, definition }) => {
    const use = uses.get(id);
    if (use === undefined) return { definition, written: null };
    return { definition, written: templatedDefinition(definition, useAsEdited(definition, use, templates)) };
  });
}

/** Asks for page after page until one is not full; each begins behind the last name of the one before. */
async function* pagesOf<Row extends { readonly name: string }>(
  find: (after: string | null) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[], undefined> {
  for (let after: string | null = null; ; ) {
    const rows = await find(after);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.name;
  }
}

function* cut(definitions: readonly ResourceDefinition[]): Generator<Page, undefined> {
  for (const some of chunksOf(definitions, pageSize)) yield some.map((definition) => ({ definition, written: null }));
}
