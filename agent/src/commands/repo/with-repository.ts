import { readFile } from "node:fs/promises";
import type { Backend } from "@mycloud/backup/backend";
import { NotFoundError } from "@mycloud/backup/error";
import type { Repository } from "@mycloud/backup/repository";
import type { Command } from "commander";
import { CommandError, flagsOf, formatDuration, type Terminal } from "../../command-line/index.ts";
import { asCommandError } from "./backup-failure.ts";
import { createDisplay, type Display } from "./display.ts";
import type { RepositoryFlags } from "./repository-options.ts";
import { repositoryPassword } from "./repository-password.ts";
import { type RepositorySettings, repositorySettings } from "./repository-settings.ts";
import { restCredentials } from "./rest-credentials.ts";

/** What a verb works with. */
export interface OpenedBackend {
  readonly backend: Backend;
  readonly settings: RepositorySettings;
  readonly display: Display;
}

export interface OpenedRepository<Engine> extends OpenedBackend {
  readonly repository: Repository;
  /** The modules the verb asked for. */
  readonly engine: Engine;
}

export interface VerbOptions {
  /** Progress goes to stdout as lines of JSON when `--json` is given. */
  readonly hasJsonStatus?: boolean;
}

/** Opens the backend of the flags, does the work, and closes it. Errors of the engine come out as CommandErrors. */
export async function withBackend<Result>(
  terminal: Terminal,
  flags: RepositoryFlags,
  work: (opened: OpenedBackend) => Promise<Result>,
  options: VerbOptions = {},
): Promise<Result> {
  const settings = await repositorySettings(flags, terminal);
  const display = createDisplay(terminal, {
    isQuiet: settings.isQuiet,
    isJsonStatus: settings.isJson && options.hasJsonStatus === true,
  });
  let backend: Backend | undefined;
  try {
    backend = await connect(terminal, settings, display);
    return await work({ backend, settings, display });
  } catch (error) {
    throw asCommandError(error);
  } finally {
    display.end();
    await backend?.close().catch(() => undefined);
  }
}

/**
 * Opens the repository of a command's flags, does the verb's work, and closes it. `loadEngine` imports the verb's part of the engine while
 * the password is being stretched. Throws CommandError.
 */
export async function withRepository<Engine, Result>(
  terminal: Terminal,
  command: Command,
  loadEngine: (opening: Promise<Repository>) => Promise<Engine>,
  work: (opened: OpenedRepository<Engine>) => Promise<Result>,
  options: VerbOptions = {},
): Promise<Result> {
  const flags = flagsOf<RepositoryFlags>(command);
  return withBackend(
    terminal,
    flags,
    async (opened) => {
      const password = await repositoryPassword(terminal, flags);
      const stretching = Promise.withResolvers<void>();
      const opening = openAt(terminal, opened, password, stretching.resolve);
      // A failure to open is reported below; it must not count as unhandled meanwhile. Loading earlier would delay the stretching.
      await Promise.race([stretching.promise, opening.catch(() => undefined)]);
      const engine = await loadEngine(opening);
      const repository = await opening;
      try {
        return await work({ ...opened, repository, engine });
      } finally {
        await repository.close();
      }
    },
    options,
  );
}

/** Opens the repository at an open backend. Throws CommandError for a repository that is not there. */
export async function openAt(
  terminal: Terminal,
  { backend, settings }: Pick<OpenedBackend, "backend" | "settings">,
  password: string,
  onStretching: () => void = () => {},
): Promise<Repository> {
  const { openRepository } = await import("@mycloud/backup/repository");
  try {
    return await openRepository(backend, password, {
      cacheDirectory: backend.isRemote ? settings.cacheDirectory : null,
      now: terminal.now,
      onStretching,
      headStart: terminal.headStart,
      signal: terminal.signal,
      ...(settings.keyHint === null ? {} : { keyHint: settings.keyHint }),
    });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new CommandError(
      "repositoryMissing",
      `there is no repository at ${backend.location}; mycloud repo init makes one`,
      {
        cause: error,
      },
    );
  }
}

/** Opens the backend of these settings; touches nothing yet. Throws InputError. */
export async function connect(terminal: Terminal, settings: RepositorySettings, display: Display): Promise<Backend> {
  const { openBackend } = await import("@mycloud/backup/backend");
  const { certificateAuthorityFile, uploadLimit, downloadLimit, connections, retryForMs } = settings;
  return openBackend(settings.location, {
    readCredentials: () => restCredentials(terminal),
    ...(certificateAuthorityFile === null
      ? {}
      : { certificateAuthority: await readFile(certificateAuthorityFile, "utf8") }),
    ...(uploadLimit === null ? {} : { uploadLimit }),
    ...(downloadLimit === null ? {} : { downloadLimit }),
    ...(connections === null ? {} : { connections }),
    retry: {
      ...(retryForMs === null ? {} : { totalMs: retryForMs }),
      onRetry: ({ error, waitMs }) => {
        const wait = waitMs < 1000 ? "at once" : `in ${formatDuration(waitMs)}`;
        display.note(`mycloud: ${error.message}; trying again ${wait}`);
      },
    },
  });
}

/** Does some work under a shared lock, unless the person asked for none. `startsEarly` is `withLock`'s. */
export async function underSharedLock<Result>(
  terminal: Terminal,
  { repository, settings }: Pick<OpenedRepository<unknown>, "repository" | "settings">,
  work: (signal: AbortSignal, confirmed: Promise<void>) => Promise<Result>,
  { startsEarly = false }: { readonly startsEarly?: boolean } = {},
): Promise<Result> {
  if (!settings.isLocking) return work(terminal.signal, Promise.resolve());
  const [{ withLock }, { NotAllowedError }] = await Promise.all([
    import("@mycloud/backup/lock"),
    import("@mycloud/backup/error"),
  ]);
  let hasLock = false;
  try {
    return await withLock(
      repository,
      {
        isExclusive: false,
        retryForMs: settings.retryLockForMs,
        now: terminal.now,
        startsEarly,
        signal: terminal.signal,
      },
      (signal, confirmed) => {
        hasLock = true;
        return work(signal, confirmed);
      },
    );
  } catch (error) {
    if (hasLock || !(error instanceof NotAllowedError)) throw error;
    throw new CommandError("notAllowed", `${error.message}; --no-lock reads without a lock`, { cause: error });
  }
}
