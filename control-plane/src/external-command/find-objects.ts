import { ServiceGroupInput } from "@mycloud/protocol/group";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import { sql } from "kysely";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import type { DefinitionCache, MonitoredHost, MonitoredService } from "../monitored/index.ts";
import { inGroupSql, matchesServiceSql } from "../monitored/selector-predicate.ts";
import { loadContactGroups, membersOf } from "../notification/load-rules.ts";
import type { SwitchedContact, SwitchedObject } from "../operation/switch-settings.ts";
import type { Scope } from "../scope/index.ts";

export interface ObjectFinderDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: Pick<DefinitionCache, "hostsByName">;
}

const Parents = z.object({ parents: z.array(z.string()) });

/** A service with its host. */
export interface NamedService {
  readonly host: MonitoredHost;
  readonly service: MonitoredService;
}

/** Finds by name what commands name, within a scope; each throws NotFoundError, and what is out of scope is not there. */
export interface ObjectFinder {
  host(scope: Scope, name: string): Promise<MonitoredHost>;
  service(scope: Scope, hostName: string, serviceName: string): Promise<NamedService>;
  /** Hosts that are reached through one, directly or through others (Nagios: children), without itself; none is an answer. */
  childrenOf(scope: Scope, hostName: string): Promise<MonitoredHost[]>;
  /** Members of a host group. */
  hostsOfGroup(scope: Scope, group: string): Promise<MonitoredHost[]>;
  /** Which services a service group has. */
  serviceGroupSelector(group: string): Promise<ServiceSelector>;
  /** Members of a service group, now. */
  servicesOfGroup(scope: Scope, group: string): Promise<NamedService[]>;
  contact(scope: Scope, name: string): Promise<SwitchedContact>;
  /** Members of a contact group, through groups in it. */
  contactsOfGroup(scope: Scope, group: string): Promise<SwitchedContact[]>;
  /** The name again, of a time period that there is. */
  timePeriod(name: string): Promise<string>;
}

/** A host as something that is switched. Pure. */
export function switchedHost({ id, name }: MonitoredHost): SwitchedObject {
  return { hostId: id, serviceId: null, name };
}

/** A service as something that is switched. Pure. */
export function switchedService({ host, service }: NamedService): SwitchedObject {
  return { hostId: host.id, serviceId: service.id, name: `${host.name}/${service.name}` };
}

export function createObjectFinder({ database, definitions }: ObjectFinderDependencies): ObjectFinder {
  const { db, dialect } = database;

  async function hostsNamed(scope: Scope, names: readonly string[]): Promise<Map<string, MonitoredHost>> {
    const found = await definitions.hostsByName(db, new Set(names));
    return new Map([...found].filter(([, host]) => scope.kind === "all" || host.customer === scope.customer));
  }

  async function host(scope: Scope, name: string): Promise<MonitoredHost> {
    const found = (await hostsNamed(scope, [name])).get(name);
    if (found === undefined) throw new NotFoundError(`there is no host "${name.slice(0, 255)}"`);
    return found;
  }

  async function serviceGroupSelector(group: string): Promise<ServiceSelector> {
    const row = await db
      .selectFrom("definition")
      .select("spec_json")
      .where("kind", "=", "ServiceGroup")
      .where("name", "=", group)
      .executeTakeFirst();
    if (row === undefined) throw noServiceGroup(group);
    return ServiceGroupInput.parse({ ...Object(JSON.parse(row.spec_json)), name: group }).selector;
  }

  async function contactsNamed(scope: Scope, names: readonly string[]): Promise<SwitchedContact[]> {
    if (names.length === 0) return [];
    const contacts = db.selectFrom("contact").select(["id", "name"]).where("name", "in", names).orderBy("id");
    const own = scope.kind === "all" ? contacts : contacts.where("customer", "=", scope.customer);
    return await own.execute();
  }

  return {
    host,
    serviceGroupSelector,

    async contact(scope, name) {
      const [found] = await contactsNamed(scope, [name]);
      if (found === undefined) throw new NotFoundError(`there is no contact "${name.slice(0, 255)}"`);
      return found;
    },

    async contactsOfGroup(scope, group) {
      // Contact groups are the operator's own: whoever is bound to a customer knows of none.
      const groups = scope.kind === "all" ? await loadContactGroups(db) : new Map();
      if (!groups.has(group)) throw new NotFoundError(`there is no contact group "${group.slice(0, 255)}"`);
      return await contactsNamed(scope, [...membersOf([group], groups)]);
    },

    async timePeriod(name) {
      const row = await db
        .selectFrom("definition")
        .select("name")
        .where("kind", "=", "TimePeriod")
        .where("name", "=", name)
        .executeTakeFirst();
      if (row === undefined) throw new NotFoundError(`there is no time period "${name.slice(0, 255)}"`);
      return row.name;
    },

    async service(scope, hostName, serviceName) {
      const its = await host(scope, hostName);
      const service = its.servicesByName.get(serviceName);
      if (service === undefined) {
        throw new NotFoundError(`host "${its.name}" has no service "${serviceName.slice(0, 255)}"`);
      }
      return { host: its, service };
    },

    async childrenOf(scope, hostName) {
      await host(scope, hostName);
      const rows = await db
        .selectFrom("host")
        .select(["name", "settings_json"])
        .where("settings_json", "like", '%"parents":["%')
        .execute();
      const links = rows.map(({ name, settings_json }) => ({ name, ...Parents.parse(JSON.parse(settings_json)) }));
      const found = new Set([hostName]);
      // A set grows while it is walked: each child brings its own.
      for (const parent of found) {
        for (const { name, parents } of links) if (parents.includes(parent)) found.add(name);
      }
      found.delete(hostName);
      return [...(await hostsNamed(scope, [...found])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    async hostsOfGroup(scope, group) {
      const isMember = inGroupSql(dialect.kind, group);
      const rows = await db.selectFrom("host").select("name").where(isMember).orderBy("name").execute();
      const hosts = await hostsNamed(
        scope,
        rows.map((row) => row.name),
      );
      if (hosts.size === 0) throw new NotFoundError(`there is no host in a group "${group.slice(0, 255)}"`);
      return [...hosts.values()];
    },

    async servicesOfGroup(scope, group) {
      const selector = await serviceGroupSelector(group);
      const rows = await db
        .selectFrom("service")
        .innerJoin("host", "host.id", "service.host_id")
        .select(["host.name as host_name", "service.name as name"])
        .where(sql<boolean>`${matchesServiceSql(dialect.kind, selector)}`)
        .orderBy("host.name")
        .orderBy("service.name")
        .execute();
      const hosts = await hostsNamed(scope, [...new Set(rows.map((row) => row.host_name))]);
      const members = rows.flatMap((row) => {
        const its = hosts.get(row.host_name);
        const service = its?.servicesByName.get(row.name);
        return its === undefined || service === undefined ? [] : [{ host: its, service }];
      });
      // The operator's own may name a group whose members are to come; whoever is bound to a customer need not learn which there are.
      if (members.length === 0 && scope.kind === "customer") throw noServiceGroup(group);
      return members;
    },
  };
}

function noServiceGroup(group: string): NotFoundError {
  return new NotFoundError(`there is no service group "${group.slice(0, 255)}"`);
}
