// Repositories whose key costs nothing to open: half of what a run of restic takes goes into a key as restic makes them, a third of one of ours. Tests
// whose matter is the making of a repository or its keys use the programs' own.
import { openBackend } from "@mycloud/backup/backend";
import { changePassword } from "@mycloud/backup/key";
import { initRepository, openRepository } from "@mycloud/backup/repository";

interface Place {
  readonly location: string;
  readonly password: string;
}

const kdf = { N: 2, r: 8, p: 1 };

/** Makes a repository at a location as both programs name it; of format 2 unless told. */
export async function makeCheapRepository({ location, password }: Place, version: 1 | 2 = 2): Promise<void> {
  const repository = await initRepository(await openBackend(location), { password, version, kdf, now: Date.now });
  await repository.close();
}

/** Puts a cheap key of the same password in the place of the one with which a program has made a repository; all else stays as the program made it. */
export async function makeKeyCheap({ location, password }: Place): Promise<void> {
  const repository = await openRepository(await openBackend(location), password, {
    cacheDirectory: null,
    now: Date.now,
  });
  await changePassword(repository, password, { kdf, now: Date.now });
  await repository.close();
}
