import type { Command } from "commander";
import { commandGroup, type Terminal } from "../../command-line/index.ts";
import { createPasswordVerbs } from "./password.ts";
import { createServeVerb } from "./serve.ts";
import { createStatusVerb } from "./status.ts";
import { createTokenVerbs } from "./token.ts";
import { createTrashVerbs } from "./trash.ts";
import { createUndeleteVerb } from "./undelete.ts";

/** `mycloud storage serve|status|password|token|trash|undelete`; without a verb it serves. */
export function createStorageCommand(terminal: Terminal): Command {
  const group: Command = commandGroup(
    "storage",
    "Keep backup repositories for other hosts; speaks restic's REST protocol.",
    [
      createStatusVerb(terminal),
      createPasswordVerbs(terminal),
      createTokenVerbs(terminal),
      createTrashVerbs(terminal),
      createUndeleteVerb(terminal),
    ],
  );
  return group.addCommand(createServeVerb(terminal), { isDefault: true });
}
