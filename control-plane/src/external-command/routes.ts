import { ExternalCommandAnswer, ExternalCommandInput } from "@mycloud/protocol/external-command";
import { forOperators, type Route, route } from "../http/route.ts";
import type { ExternalCommands } from "./create-external-commands.ts";

/** Nagios' external commands over HTTP, for scripts that know them already. */
export function createExternalCommandRoutes({ commands }: { readonly commands: ExternalCommands }): Route[] {
  return [
    route({
      method: "post",
      path: "/api/v1/external-commands",
      summary: "Carry out Nagios external commands in their order; each is answered by itself",
      access: forOperators,
      body: ExternalCommandInput,
      answer: ExternalCommandAnswer,
      maximumBodyBytes: 8 * 1024 * 1024,
      async handle({ actor, scope, body }) {
        const mayRegister = actor.scopes.includes("ingest:register");
        return { outcomes: await commands.runAll(body.commands, { actor, scope, mayOperate: true, mayRegister }) };
      },
    }),
  ];
}
