import { ExportAnswer, ExportLine, resourceKinds } from "@mycloud/protocol/resource";
import { z } from "zod";
import { begin, writePiece } from "../http/answer-in-pieces.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { KindList } from "../resource/kind-list.ts";
import type { Exports } from "./create-exports.ts";

const Kind = KindList.transform((kinds) => (kinds.length === 0 ? resourceKinds : kinds)).default(resourceKinds);

/** What is defined, as `apply` takes it. */
export function createExportRoutes({ exports }: { readonly exports: Exports }): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/export",
      summary: "All definitions, or those of some kinds, as `apply` takes them",
      access: forViewers,
      query: z.object({ kind: Kind, expanded: z.stringbool().default(false) }),
      answer: ExportAnswer,
      answerKind: "stream",
      async handle({ scope, query, response, signal }) {
        const form = query.expanded ? "expanded" : "written";
        await exports.stream({ scope, kinds: query.kind, form, signal }, async (piece) => {
          if (!response.headersSent) begin(response, "application/json; charset=utf-8");
          await writePiece(response, piece);
        });
        response.end();
      },
    }),
    route({
      method: "get",
      path: "/api/v1/export-stream",
      summary:
        "As export, for any number of definitions: one of JSON a line, in both forms; without the last line it is not whole",
      access: forViewers,
      query: z.object({ kind: Kind }),
      answer: ExportLine,
      answerKind: "stream",
      async handle({ scope, query, response, signal }) {
        await exports.stream({ scope, kinds: query.kind, form: "lines", signal }, async (piece) => {
          if (!response.headersSent) begin(response, "application/x-ndjson");
          await writePiece(response, piece);
        });
        response.end();
      },
    }),
  ];
}
