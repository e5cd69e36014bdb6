import { readFile } from "node:fs/promises";
import type { ExternalCommands } from "../external-command/index.ts";
import type { Core, Part } from "../part.ts";
import { StartError } from "../start-error.ts";
import { createNsca } from "./create-nsca.ts";
import { createNscaMetrics } from "./metrics.ts";

/** NSCA as the configuration has it; null when it is off. */
export function createNscaPart(core: Core, commands: ExternalCommands): Part | null {
  const { configuration, registry, logger, now } = core;
  const { nsca: address, nscaMethod: method, nscaMaxAge, nscaSenders: senders, passiveRegister } = configuration;
  const metrics = createNscaMetrics(registry);
  if (address === null) return null;
  let started: Part | undefined;
  return {
    name: "nsca",
    async start() {
      const password = await readPassword(core);
      const isOpen = password === "" && !/^(127\.|::1$|localhost$)/.test(address.host);
      if (isOpen && method !== 0) {
        throw new StartError(
          "configuration",
          `NSCA at ${address.host} has no password; give --nsca-password-file, or listen at 127.0.0.1`,
        );
      }
      if (isOpen) logger.warn("NSCA has neither encryption nor password: addresses alone say who may speak");
      started = createNsca({
        commands,
        address,
        method,
        password,
        maximumAgeSeconds: nscaMaxAge,
        senders,
        mayRegister: passiveRegister,
        metrics,
        logger,
        now,
      });
      await started.start?.();
    },
    stop: async () => started?.stop?.(),
  };
}

async function readPassword({ configuration: { nscaPassword, nscaPasswordFile } }: Core): Promise<string> {
  if (nscaPasswordFile === null) return nscaPassword ?? "";
  if (nscaPassword !== null) {
    throw new StartError("configuration", "MYCLOUD_NSCA_PASSWORD and --nsca-password-file are both given; choose one");
  }
  try {
    return (await readFile(nscaPasswordFile, "utf8")).replace(/\r?\n$/, "");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError("configuration", `the password of NSCA cannot be read: ${reason}`);
  }
}
