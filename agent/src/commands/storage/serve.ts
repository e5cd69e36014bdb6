import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { type StorageOption, storageOptions } from "@mycloud/backup/storage-server";
import { Command } from "commander";
import { addExamples, CommandError, type Terminal } from "../../command-line/index.ts";
import { createProcessLogger } from "../../logger/index.ts";
import { makeDirectory } from "./make-directory.ts";
import { addStorageFlags, readStorageFlags } from "./storage-flags.ts";
import { reporting, type StorageState, stateIn, storageState } from "./storage-state.ts";

/** `mycloud storage serve`. */
export function createServeVerb(terminal: Terminal): Command {
  const command = new Command("serve").description("Serve repositories until it is stopped.");
  const options: readonly StorageOption[] = storageOptions;
  addStorageFlags(command, options);
  addExamples(command, [
    ["mycloud storage password set web1 web1", "first: who may use which repository"],
    ["mycloud storage", "on 127.0.0.1:8081, state in ./var/storage"],
    ["mycloud storage --listen 0.0.0.0:8081 --tls-cert cert.pem --tls-key key.pem", "for others, with TLS"],
  ]);
  return command.action(async () => {
    const logger = createProcessLogger(process.env);
    await reporting(async () => {
      const given = readStorageFlags(command, options, terminal);
      const state = stateIn(storageState(command, terminal).directory, given.passwordFile);
      await prepare(state);
      const { startStorageServer } = await import("@mycloud/backup/storage-server");
      const server = await startStorageServer({
        tokenPublicKeyFiles: [state.publicKeyFile],
        revokedTokensFile: state.revokedTokensFile,
        passwordFile: state.passwordFile,
        listen: "127.0.0.1:8081",
        ...given,
        stateDirectory: state.directory,
        logger,
        now: terminal.now,
        monotonicNow: () => performance.now(),
      }).catch((error: unknown) => {
        throw explainStart(error, given.listen ?? "127.0.0.1:8081");
      });
      logger.info({ address: server.address, stateDirectory: state.directory }, "the storage server listens");
      if (given.isOpen) logger.warn({}, "there is no authentication: everybody on this machine may do everything");
      // As daemons have it: what can be read again is, at once.
      const reload = () => void server.reload();
      process.on("SIGHUP", reload);
      await untilAborted(terminal.signal);
      process.off("SIGHUP", reload);
      await server.close();
    });
  });
}

/** Makes the state directory and, at the first start, the key that signs tokens. */
async function prepare(state: StorageState): Promise<void> {
  await makeDirectory(state.directory);
  if (!existsSync(state.signingKeyFile)) {
    const { createSigningKey } = await import("@mycloud/backup/storage-server");
    await createSigningKey(state.signingKeyFile, state.publicKeyFile);
  }
  if (!existsSync(state.revokedTokensFile)) await writeFile(state.revokedTokensFile, "", { mode: 0o600, flag: "a" });
}

function explainStart(error: unknown, listen: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new CommandError(
      "addressInUse",
      `${listen} is taken by another program; choose another with --listen HOST:PORT`,
      {
        cause: error,
      },
    );
  }
  if (code === "EACCES" && error instanceof Error && "syscall" in error && error.syscall === "listen") {
    return new CommandError(
      "configuration",
      `this user may not listen on ${listen}; choose another with --listen HOST:PORT`,
      {
        cause: error,
      },
    );
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new CommandError(
      "configuration",
      `${listen} is no address of this machine; choose another with --listen HOST:PORT`,
      {
        cause: error,
      },
    );
  }
  return error;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
