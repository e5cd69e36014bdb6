import { ZoneImportAnswer, ZoneImportQuery } from "@mycloud/protocol/dns-zone";
import { begin, writePiece } from "../http/answer-in-pieces.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import { changeZone, existing, refuseSecondary, type ZoneDependencies } from "./change-zone.ts";
import { createFromFile } from "./create-from-file.ts";
import { zoneFileLines } from "./export-zone.ts";
import { planImport } from "./plan-import.ts";
import { readBody } from "./read-body.ts";
import { readRecords } from "./read-records.ts";
import { zoneNameOf } from "./zone-name.ts";
import { readIfMatch, ZoneParams } from "./zone-routes.ts";
import { findZone, parseZoneReference } from "./zone-store.ts";

/** Two million records. */
const maximumFileBytes = 128 * 1024 * 1024;

/** Zone files in and out (RFC 1035 §5). */
export function createZoneFileRoutes(dependencies: ZoneDependencies): Route[] {
  const { database } = dependencies;
  return [
    route({
      method: "post",
      path: "/api/v1/dns/zones/:zone/import",
      summary: "Take the records of a zone file over, or see what that would change (preview)",
      access: forOperators,
      params: ZoneParams,
      query: ZoneImportQuery,
      bodyKind: "raw",
      isLongReceived: true,
      answer: ZoneImportAnswer,
      handle: async ({ actor, scope, params, query, request }) => {
        const reference = parseZoneReference(params.zone);
        const found = await findZone(database.db, scope, reference);
        // Who sees a customer's zones alone makes none, as with POST of zones.
        const isNew = found === null && query.create === "true" && scope.kind === "all" && "name" in reference;
        const zone = isNew ? { name: reference.name } : existing(found);
        if (found !== null) refuseSecondary(found);
        const file = await readRecords(await readBody(request, maximumFileBytes), zoneNameOf(zone.name));
        const isFaulty = file.faults.length > 0;
        const isPreview = query.preview === "true" || isFaulty;
        const comment = query.comment === "" ? `imported a zone file (${query.mode})` : query.comment;
        const author = { actor, comment, action: isNew ? "dns-zone.create" : "dns-zone.import" };
        const expectedRevision = readIfMatch(request);
        // What cannot be read is said with what the rest would be; nothing is changed then.
        const answer = isNew
          ? await createFromFile(dependencies, { reference, author, isPreview, expectedRevision }, file)
          : await changeZone(
              dependencies,
              { scope, reference, author, isPreview, expectedRevision },
              (executor, present, at) => planImport(executor, present, file, query.mode, at),
            );
        return { ...answer, faults: file.faults, recordCount: file.recordCount, isNew } satisfies ZoneImportAnswer;
      },
    }),
    route({
      method: "get",
      path: "/api/v1/dns/zones/:zone/export",
      summary: "A zone as a zone file, as it is defined",
      access: forViewers,
      params: ZoneParams,
      answerKind: "stream",
      handle: async ({ scope, params, response }) => {
        const zone = existing(await findZone(database.db, scope, parseZoneReference(params.zone)));
        refuseSecondary(zone);
        begin(response, "text/dns; charset=utf-8");
        response.setHeader("content-disposition", `attachment; filename="${fileNameOf(zone.name)}"`);
        response.setHeader("etag", `"${zone.revision}"`);
        for await (const lines of zoneFileLines(database.db, zone)) await writePiece(response, lines);
        response.end();
      },
    }),
  ];
}

function fileNameOf(zone: string): string {
  return `${zone.replace(/[^a-z0-9._-]/g, "_").replace(/\.$/, "") || "root"}.zone`;
}
