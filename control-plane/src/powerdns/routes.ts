import { ZoneInput, ZoneSettings } from "@mycloud/protocol/dns-zone";
import { z } from "zod";
import { soaLine } from "../dns-publish/index.ts";
import { changeZone, existing, refuseSecondary, type ZoneDependencies } from "../dns-zone/change-zone.ts";
import { createZone } from "../dns-zone/create-zone.ts";
import { linesOf, planChange } from "../dns-zone/plan-change.ts";
import { readRrsets } from "../dns-zone/rrset-store.ts";
import { parseZoneName, type ZoneName } from "../dns-zone/zone-name.ts";
import { deleteZone, findAllZones, findZone, lockZone, type StoredZone, shownZone } from "../dns-zone/zone-store.ts";
import { ConflictError, type DomainError, InputError, NotFoundError } from "../error/index.ts";
import { begin, writePiece } from "../http/answer-in-pieces.ts";
import { forOperators, forStaffOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import type { Scope } from "../scope/index.ts";
import { readPatch, requireCanonical } from "./read-patch.ts";
import { NewZone, ZonePatch } from "./schema.ts";
import { nameOfId, rrsetForm, soaForm, zoneForm } from "./zone-form.ts";

const ServerParams = z.object({ server: z.string() });
const Params = ServerParams.extend({ zone: z.string().min(1).max(1200) });
const maximumBodyBytes = 32 * 1024 * 1024;
const zonesPath = "/api/v1/servers/:server/zones";

/** PowerDNS's shape of errors. */
const describeError = ({ message }: DomainError) => ({ error: message });
const common = { isApiKeyTaken: true, describeError, maximumBodyBytes } as const;

/**
 * Zones as PowerDNS's HTTP API has them (https://doc.powerdns.com/authoritative/http-api/), as far as clients of ACME and Kubernetes use it; the API key is
 * an API token. There is one server, `localhost`. Zones of views are not among them: PowerDNS knows none.
 */
export function createPowerdnsRoutes(dependencies: ZoneDependencies & { readonly version: string }): Route[] {
  const { database, audit, changes, now, version } = dependencies;
  const { db, dialect } = database;

  const referenceOf = (id: string) => ({ name: zoneNameOfId(id).text, view: null });
  async function zoneOf(scope: Scope, { server, zone: id }: z.infer<typeof Params>): Promise<StoredZone> {
    requireServer(server);
    const zone = await findZone(db, scope, referenceOf(id));
    if (zone === null) throw new NotFoundError("Not Found");
    return zone;
  }

  return [
    route({
      ...common,
      method: "get",
      path: "/api",
      summary: "Which versions of PowerDNS's API there are",
      access: forViewers,
      handle: async () => [{ url: "/api/v1", version: 1 }],
    }),
    route({
      ...common,
      method: "get",
      path: "/api/v1/servers",
      summary: "PowerDNS's API: list servers",
      access: forViewers,
      handle: async () => [serverForm(version)],
    }),
    route({
      ...common,
      method: "get",
      path: "/api/v1/servers/:server",
      summary: "PowerDNS's API: show the server",
      access: forViewers,
      params: ServerParams,
      handle: async ({ params }) => {
        requireServer(params.server);
        return serverForm(version);
      },
    }),
    route({
      ...common,
      method: "get",
      path: zonesPath,
      summary: "PowerDNS's API: list zones",
      access: forViewers,
      params: ServerParams,
      query: z.object({ zone: z.string().max(1004).optional() }),
      handle: async ({ scope, params, query }) => {
        requireServer(params.server);
        const wanted = query.zone === undefined ? undefined : parseZoneName(query.zone).text;
        const zones = await findAllZones(db);
        return zones
          .filter(
            ({ view, settings }) => view === null && (scope.kind === "all" || settings.customer === scope.customer),
          )
          .filter(({ name }) => wanted === undefined || name === wanted)
          .map(zoneForm);
      },
    }),
    route({
      ...common,
      method: "post",
      path: zonesPath,
      summary: "PowerDNS's API: create a zone",
      access: forStaffOperators,
      params: ServerParams,
      body: NewZone,
      handle: ({ actor, params, body }) =>
        inTheirWords(async () => {
          requireServer(params.server);
          requireCanonical(body.name);
          const input = zoneInputOf(body);
          const zone = await database.transaction(async (tx) => {
            const { wanted } = await readPatch(
              tx,
              newZoneOf(parseZoneName(body.name)),
              body.rrsets.filter(({ type }) => type !== "SOA"),
            );
            return await createZone(tx, dependencies, input, { actor, comment: "created by the PowerDNS API" }, wanted);
          });
          changes.publish("dns-zones", null);
          return new Reply(201, await wholeZone(zone, {}));
        }),
    }),
    route({
      ...common,
      method: "get",
      path: `${zonesPath}/:zone`,
      summary: "PowerDNS's API: show a zone with its RRsets",
      access: forViewers,
      params: Params,
      query: z.object({
        rrsets: z.enum(["true", "false"]).default("true"),
        rrset_name: z.string().max(1004).optional(),
        rrset_type: z.string().max(16).optional(),
      }),
      handle: async ({ scope, params, query }) => {
        const zone = await zoneOf(scope, params);
        return query.rrsets === "false" ? zoneForm(zone) : await wholeZone(zone, query);
      },
    }),
    route({
      ...common,
      method: "patch",
      path: `${zonesPath}/:zone`,
      summary: "PowerDNS's API: replace, delete, extend or prune RRsets",
      access: forOperators,
      params: Params,
      body: ZonePatch,
      handle: ({ actor, scope, params, body }) =>
        inTheirWords(async () => {
          requireServer(params.server);
          const author = { actor, comment: "", action: "dns-zone.change" };
          const order = { scope, reference: referenceOf(params.zone), author, isPreview: false };
          await changeZone(dependencies, order, async (tx, zone, present) => {
            refuseSecondary(zone);
            const { serialThere, ...read } = await readPatch(tx, zone, body.rrsets);
            return await planChange(tx, {
              ...{ zone, source: "api", ...read, ...present },
              ...(serialThere === undefined ? {} : { serialThere }),
            });
          });
          return new Reply(204, undefined);
        }),
    }),
    route({
      ...common,
      method: "put",
      path: `${zonesPath}/:zone`,
      summary: "PowerDNS's API: change what is said about a zone; what is kept of it here is its account",
      access: forStaffOperators,
      params: Params,
      body: z.object({ account: z.string().max(63).optional() }),
      handle: ({ actor, scope, params, body }) =>
        inTheirWords(async () => {
          requireServer(params.server);
          const order = {
            scope,
            reference: referenceOf(params.zone),
            author: { actor, comment: "" },
            isPreview: false,
          };
          await changeZone(dependencies, order, async (tx, zone, present) => {
            // Terraform sends "" whenever its file has no account: whose zone it is may have been said elsewhere.
            const customer = customerOf(body.account ?? "") ?? zone.settings.customer;
            return await planChange(tx, {
              ...{ zone, wanted: [], source: "api", ...present },
              settings: { ...zone.settings, customer },
            });
          });
          return new Reply(204, undefined);
        }),
    }),
    route({
      ...common,
      method: "delete",
      path: `${zonesPath}/:zone`,
      summary: "PowerDNS's API: delete a zone",
      access: forStaffOperators,
      params: Params,
      handle: async ({ actor, scope, params }) => {
        requireServer(params.server);
        await database.transaction(async (tx) => {
          const zone = existing(await lockZone(tx, dialect, scope, referenceOf(params.zone)));
          await deleteZone(tx, zone.id);
          const named = { resourceKind: "dns-zone", resourceId: zone.id, resourceName: zone.name };
          await audit.record(tx, { actor, action: "dns-zone.delete", ...named, before: shownZone(zone) });
        });
        changes.publish("dns-zones", null);
        return new Reply(204, undefined);
      },
    }),
    route({
      ...common,
      method: "put",
      path: `${zonesPath}/:zone/notify`,
      summary: "PowerDNS's API: tell secondaries; name servers do that by themselves after each change",
      access: forOperators,
      params: Params,
      handle: async ({ scope, params }) => {
        await zoneOf(scope, params);
        return { result: "Notification queued" };
      },
    }),
    route({
      ...common,
      method: "put",
      path: `${zonesPath}/:zone/rectify`,
      summary: "PowerDNS's API: nothing is to be rectified here",
      access: forOperators,
      params: Params,
      handle: async ({ scope, params }) => {
        await zoneOf(scope, params);
        return { result: "Rectified" };
      },
    }),
    route({
      ...common,
      method: "get",
      path: `${zonesPath}/:zone/metadata`,
      summary: "PowerDNS's API: metadata of a zone; there is none",
      access: forViewers,
      params: Params,
      handle: async ({ scope, params }) => {
        await zoneOf(scope, params);
        return [];
      },
    }),
    route({
      ...common,
      method: "get",
      path: `${zonesPath}/:zone/export`,
      summary: "PowerDNS's API: the zone as lines of records",
      access: forViewers,
      params: Params,
      answerKind: "stream",
      handle: async ({ scope, params, response }) => {
        const zone = await zoneOf(scope, params);
        begin(response, "text/plain; charset=utf-8");
        await writePiece(response, `${tabbed(soaLine(zone.name, zone.settings, zone.serial))}\n`);
        for await (const page of readRrsets(db, zone.id)) {
          const lines = page.flatMap((rrset) => linesOf(zone, zone.settings, rrset, rrset, null));
          await writePiece(response, lines.map((line) => `${tabbed(line)}\n`).join(""));
        }
        response.end();
      },
    }),
  ];

  async function wholeZone(
    zone: StoredZone,
    wanted: { rrset_name?: string | undefined; rrset_type?: string | undefined },
  ) {
    const rrsets: object[] = zone.kind === "primary" ? [soaForm(zone)] : [];
    for await (const page of readRrsets(db, zone.id)) for (const rrset of page) rrsets.push(rrsetForm(zone, rrset));
    const { rrset_name: name, rrset_type: type } = wanted;
    const isWanted = (rrset: object) =>
      (name === undefined || ("name" in rrset && String(rrset.name).toLowerCase() === name.toLowerCase())) &&
      (type === undefined || ("type" in rrset && rrset.type === type.toUpperCase()));
    return { ...zoneForm(zone), rrsets: rrsets.filter(isWanted) };
  }

  /** A zone that is about to be made, for reading what it begins with. */
  function newZoneOf({ text }: ZoneName): StoredZone {
    const nowMs = now();
    return {
      ...{ id: 0, name: text, view: null, kind: "primary", settings: ZoneSettings.parse({}) },
      ...{ revision: 0, serial: 0, rrsetCount: 0, recordCount: 0, createdAtMs: nowMs, changedAtMs: nowMs },
    };
  }
}

/** What PowerDNS answers with 422 (what a request asks for cannot be) and 409 (it is there already). */
async function inTheirWords(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return new Reply(422, { error: error.message });
    if (error instanceof ConflictError) return new Reply(409, { error: "Conflict" });
    if (error instanceof NotFoundError) return new Reply(404, { error: "Not Found" });
    throw error;
  }
}

function requireServer(server: string): void {
  if (server !== "localhost") throw new NotFoundError("Not Found");
}

function zoneNameOfId(id: string): ZoneName {
  return parseZoneName(nameOfId(id));
}

function zoneInputOf({ name, kind, masters, nameservers, account }: NewZone): ZoneInput {
  for (const each of nameservers) requireCanonical(each);
  const isSecondary = /^(slave|secondary)$/i.test(kind);
  return ZoneInput.parse({
    name,
    kind: isSecondary ? "secondary" : "primary",
    nameServers: isSecondary ? [] : nameservers,
    primaries: isSecondary ? masters.map(peerOf) : [],
    customer: customerOf(account),
  });
}

/** `192.0.2.1`, `192.0.2.1:5300`, `[2001:db8::1]:5300`. */
function peerOf(text: string): { address: string; port?: number } {
  const match = /^\[(.+)\]:(\d+)$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text);
  return match === null ? { address: text } : { address: match[1] ?? "", port: Number(match[2]) };
}

function customerOf(account: string): string | null {
  if (account === "") return null;
  const parsed = ZoneInput.shape.customer.safeParse(account);
  if (parsed.success) return parsed.data;
  throw new InputError(`account '${account}' is no customer: ${parsed.error.issues[0]?.message ?? ""}`);
}

function serverForm(version: string): object {
  return {
    type: "Server",
    id: "localhost",
    daemon_type: "authoritative",
    // Clients read it as PowerDNS's: what is here is what 4.8 has.
    version: `4.8.0-mycloud-${version}`,
    url: "/api/v1/servers/localhost",
    config_url: "/api/v1/servers/localhost/config{/config_setting}",
    zones_url: "/api/v1/servers/localhost/zones{/zone}",
  };
}

/** Name, TTL, class and type with tabs between them, as PowerDNS writes them. */
function tabbed(line: string): string {
  const [name, ttl, recordClass, type, ...data] = line.split(" ");
  return [name, ttl, recordClass, type, data.join(" ")].join("\t");
}
