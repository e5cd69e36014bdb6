import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FakeClock } from "../fake-clock.ts";
import type { Nagios } from "../nagios.ts";

/** A message that somebody got, in the words both systems share. */
export interface DayMessage {
  readonly atMs: number;
  readonly type: string;
  /** `host` or `host/service`. */
  readonly object: string;
  readonly state: string;
  readonly contact: string;
  readonly number: number;
}

/** Moves nagios to an instant, lets it do what is due, gives it commands, and waits until it has worked them off. */
export async function stepNagios(
  nagios: Nagios,
  clock: FakeClock,
  atMs: number,
  commands: readonly string[],
): Promise<void> {
  clock.set(atMs);
  // What is due is done one thing a turn of its loop, and a turn takes in what comes first: so twice.
  for (let turn = 0; turn < 2; turn++) {
    await nagios.settleLog();
    await sleep(2);
  }
  await nagios.submit(commands);
  const log = await nagios.settleLog();
  // Time must not pass for a command that runs: nagios would end it as one that takes too long.
  const wanted = log.match(/ NOTIFICATION: (?!nobody;)/g)?.length ?? 0;
  const deadline = Date.now() + 10_000;
  for (let told = await readTold(nagios); told.length < wanted; told = await readTold(nagios)) {
    if (Date.now() > deadline) throw new Error(`${wanted} notifications in the log, ${told.length} sent`);
    await sleep(5);
  }
}

/** The messages that nagios' notification command wrote down. */
export async function readTold(nagios: Nagios): Promise<DayMessage[]> {
  const text = await readFile(path.join(nagios.directory, "told"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [type = "", host = "", service = "", contact = "", number = "", time = "", serviceState, hostState] =
        line.split(",");
      // nagios leaves a macro that has no value where it cannot have one.
      const isService = service !== "$";
      return {
        atMs: Number(time) * 1000,
        type,
        object: isService ? `${host}/${service}` : host,
        state: (isService ? serviceState : hostState) ?? "",
        contact,
        number: Number(number),
      };
    });
}
