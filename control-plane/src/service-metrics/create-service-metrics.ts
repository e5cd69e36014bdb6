import { expositionContentType } from "@mycloud/protocol/exposition";
import { writePiece } from "../http/answer-in-pieces.ts";
import { forViewers, route } from "../http/route.ts";
import type { Core, Part } from "../part.ts";
import { StatusView, turnOfOthers } from "../status-view/index.ts";
import { exposeServices, RenderedPerfdata } from "./families.ts";

/** So much text goes out at once. */
const pieceLength = 128 * 1024;
/** Nobody else waits much longer. */
const sliceMs = 10;

/** GET /metrics/services: what is watched, for Prometheus. Nothing is loaded before somebody asks. */
export function createServiceMetrics({ database, changes, sealer, now }: Core): Part {
  let view: StatusView | undefined;
  const rendered = new RenderedPerfdata();
  return {
    name: "service-metrics",
    routes: [
      route({
        method: "get",
        path: "/metrics/services",
        summary: "States of hosts and services and their perfdata, for Prometheus (text format 0.0.4)",
        access: forViewers,
        answerKind: "stream",
        isBasicTaken: true,
        async handle({ scope, response, signal }) {
          view ??= new StatusView({ database, changes, sealer, now });
          await view.refresh();
          response.setHeader("content-type", expositionContentType);
          response.setHeader("cache-control", "no-store");
          const isSeen = ({ customer }: { readonly customer: string | null }) =>
            scope.kind === "all" || customer === scope.customer;
          let piece = "";
          let startedAtMs = performance.now();
          for (const text of exposeServices(view, rendered, isSeen, now())) {
            piece += text;
            const isLong = performance.now() - startedAtMs > sliceMs;
            if (piece.length < pieceLength && !isLong) continue;
            if (piece !== "") await writePiece(response, piece);
            piece = "";
            await turnOfOthers();
            if (signal.aborted) return;
            startedAtMs = performance.now();
          }
          response.end(piece);
        },
      }),
    ],
    stop: async () => view?.close(),
  };
}
